//! How much changed since older versions: a script for browsers that remember which one was read.
//!
//! A script, because a page that lies in a folder may read nothing else.

use super::changes::set_inputs;
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::model::Release;
use crate::release::changes::ChangeList;
use crate::site::File;
use crate::site::edition::Edition;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The script of the task of this edition, its newest.
pub struct SinceScript<'a>(pub Arc<Edition<'a>>);

/// What the script says.
#[derive(Serialize)]
struct SinceLastRead {
    /// All versions, newest first.
    versions: Vec<String>,
    /// How many changes there are since each version from which there is a page of them.
    changes: BTreeMap<String, usize>,
}

impl PageKind for SinceScript<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let older: Vec<&Release> = self.0.older().collect();
        let inputs = set_inputs(site.inputs_of_edition("since", path, &self.0), self.0.instructions);
        Some(inputs.list(older.into_iter(), |inputs, old| set_inputs(inputs, &old.instructions)).end())
    }

    fn make(&self, _: &str, _: &SiteContext<'_>) -> Result<File, String> {
        let edition = &self.0;
        let count = |old: &Release| {
            let list = ChangeList::between(&old.instructions, edition.instructions);
            (old.version.to_string(), list.changes.len())
        };
        let said = SinceLastRead {
            versions: edition.task.releases.iter().rev().map(|release| release.version.to_string()).collect(),
            changes: edition.older().map(count).collect(),
        };
        let said = serde_json::to_string(&said).map_err(|error| error.to_string())?;
        let script = format!("document.dispatchEvent(new CustomEvent(\"goldbook-since\", {{detail: {said}}}));\n");
        Ok(File::new(script.into_bytes()))
    }
}
