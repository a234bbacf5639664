//! A version to take along: `instructions.zip`, a folder that opens anywhere.
//!
//! In it are the pages of that version alone, with the theme and all that they show. Links out of it lead to the site's
//! address, where the settings say it, else nowhere. The same pages make the same bytes.

use super::{PageKind, SiteContext};
use crate::digest::{Digest, Inputs};
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::frame::Frames;
use crate::site::host::Outside;
use crate::site::places::Places;
use semver::Version;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// The name under which it is shipped.
pub const NAME: &str = "instructions.zip";

/// Where that of a version lies.
pub fn path(task: &str, version: &Version) -> String {
    format!("tasks/{task}/v/{version}/{NAME}")
}

/// The packed folder of a version.
pub struct BundleFile<'a> {
    /// The version.
    pub edition: Arc<Edition<'a>>,
    /// Where everything is in the folder.
    pub places: Places<'a>,
    /// What is in the folder, by path.
    pub pages: BTreeMap<Arc<str>, Box<dyn PageKind + 'a>>,
}

impl PageKind for BundleFile<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let inner = self.site(site);
        let inputs = site.inputs_of_edition("bundle", path, &self.edition);
        let page = |inputs: Inputs, (path, page): (&Arc<str>, &(dyn PageKind + '_))| {
            // What has no digest of its inputs is a file that is shipped as it is.
            let own = page.inputs(path, &inner).or_else(|| page.make(path, &inner).ok().map(|file| file.digest));
            inputs.text(path).list(own.iter(), Inputs::digest)
        };
        Some(inputs.list(self.pages.iter().map(|(path, page)| (path, &**page)), page).end())
    }

    fn make(&self, _: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let inner = self.site(site);
        let version = self.edition.release.map_or_else(String::new, |release| format!("-{}", release.version));
        let folder = format!("{}{version}/", self.edition.task.id);
        let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
        for (path, page) in &self.pages {
            let bytes = page.make(path, &inner)?.bytes().map_err(|error| error.error.to_string())?;
            let written = packed.start_file(format!("{folder}{path}"), options).map_err(|error| error.to_string());
            written.and_then(|()| packed.write_all(&bytes).map_err(|error| error.to_string()))?;
        }
        let packed = packed.finish().map_err(|error| error.to_string())?;
        Ok(File::new(packed.into_inner()))
    }
}

impl<'a> BundleFile<'a> {
    /// The folder as a site of its own.
    fn site<'s>(&'s self, site: &'s SiteContext<'s>) -> SiteContext<'s> {
        let frames = Frames {
            model: site.model,
            places: &self.places,
            audience: site.frames.audience,
            reports: false,
            canary: site.frames.canary.clone(),
        };
        let url = site.model.config.url(site.frames.audience);
        let outside = url.map(|url| Outside { places: site.places, url });
        SiteContext { outside, ..SiteContext::new(frames, site.theme, site.memo) }
    }
}
