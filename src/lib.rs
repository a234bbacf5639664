#![allow(dead_code, missing_docs, reason = "wip")]
mod audience;
mod config;
mod diagnostic;
mod disk;
mod document;
mod load;
mod markdown;
mod model;
mod release;
mod source;
mod trajectory;
mod yaml;
