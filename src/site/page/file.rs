//! Files that are shipped as they are.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::site::File;
use crate::source::Source;

/// A file of the sources.
pub struct SourceFile<'a>(pub &'a Source);

/// A file of the theme.
pub struct ThemeFile(pub &'static str);

impl PageKind for SourceFile<'_> {
    fn source(&self) -> Option<&str> {
        Some(&self.0.path)
    }

    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, _: &str, _: &SiteContext<'_>) -> Result<File, String> {
        Ok(File::of(self.0))
    }
}

impl PageKind for ThemeFile {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, _: &str, site: &SiteContext<'_>) -> Result<File, String> {
        site.theme.file(self.0).cloned().ok_or_else(|| format!("the theme has no {}", self.0))
    }
}
