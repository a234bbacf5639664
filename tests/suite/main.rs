//! The one test binary. The list of modules is the table of contents.

mod architecture;
mod browser;
mod cases;
mod samples;
mod site;
mod support;
