//! Mileage in storage: stops, days and legs.

pub mod days;
pub mod legs;
pub mod people;
pub mod stops;
