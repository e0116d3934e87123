//! The Paifang server: identity, durable state and WeChat's API behind one HTTP interface. Arrows point one way:
//! `api` calls `service`, `service` calls `sql`.

pub mod accounts;
pub mod activities;
pub mod app;
pub mod audit;
pub mod bindings;
pub mod callbacks;
pub mod campaigns;
pub mod check_in;
pub mod clock;
pub mod config;
pub mod customers;
pub mod equipment;
pub mod events;
pub mod followers;
pub mod http;
pub mod jobs;
pub mod landing;
pub mod master_key;
pub mod media;
pub mod notices;
pub mod organizations;
pub mod people;
pub mod problem;
pub mod random;
pub mod seal;
pub mod seed;
pub mod session;
pub mod sessions;
pub mod sheets;
pub mod storage;
pub mod telemetry;
pub mod tickets;
pub mod wechat;
pub mod work_orders;
