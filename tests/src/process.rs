//! Server processes.
