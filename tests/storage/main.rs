//! Storage and the short-lived store: the same contract on both kinds.

mod kv;
mod master_key;
mod migrations;
mod writes;
