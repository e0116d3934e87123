//! What must not break it: races between processes, `kill -9`, and stores that go away.

mod kill;
mod outage;
mod races;
mod tokens;
