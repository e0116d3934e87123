//! The API over HTTP, on both stacks.

mod accounts;
mod batch;
mod binding_codes;
mod binding_files;
mod binding_official;
mod bindings;
mod campaigns;
mod check_in;
mod claim;
mod contract;
mod events;
mod followers;
mod import;
mod input;
mod invitations;
mod official;
mod operations;
mod people;
mod pushes;
mod rights;
mod sessions;
mod tickets;
mod token_provider;
