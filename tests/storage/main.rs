//! Storage and the short-lived store: the same contract on both kinds.

mod jobs;
mod kv;
mod master_key;
mod media;
mod migrations;
mod writes;
