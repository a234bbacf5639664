//! The site: from a projected Model to files.
//!
//! In: the Model of one audience, and its reports. Out: `Plan` (which pages exist), then `Site` (their bytes), then
//! a folder. Each step only carries out what the one before decided.

mod edition;
mod frame;
mod host;
mod pages;
pub mod plan;
pub mod render;
mod steps;
pub mod theme;
pub mod view;
pub mod write;

pub use pages::canary;

use std::collections::BTreeMap;
use std::sync::Arc;

/// The finished output of one audience: bytes by path.
#[derive(Default)]
pub struct Site {
    /// Path below the audience's root, with forward slashes.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

/// What leads from a page at `path` up to the root: one `../` for each folder.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
