//! What must not break it: races between processes, `kill -9`, and stores that go away.

mod cluster;
mod cuts;
mod followers;
mod kill;
mod media;
mod outage;
mod pushes;
mod races;
mod reports;
mod tokens;
mod visits;
