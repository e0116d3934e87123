//! Storage and the short-lived store: the same contract on both kinds.

mod jobs;
mod kv;
mod master_key;
mod migrations;
mod writes;
