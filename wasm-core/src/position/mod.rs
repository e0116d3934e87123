//! Positions in GCJ-02, as WeChat's map and `wx.getLocation({type: 'gcj02'})` give them.

pub mod datum;
mod outline;

pub use datum::Datum;

use serde::{Deserialize, Serialize};

/// Mean radius of the Earth in meters (IUGG).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// A position in millionths of a degree (about 0.1 m), so that it is the same number in storage and on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    latitude_e6: i64,
    longitude_e6: i64,
}

/// A position as it travels: degrees, as WeChat names them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Degrees {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

impl Position {
    /// Reads degrees. `None` when they are no number or lie off the globe.
    pub fn from_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let on_globe = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        on_globe.then(|| Self { latitude_e6: millionths(latitude), longitude_e6: millionths(longitude) })
    }

    /// Reads millionths of a degree, as they are stored. `None` when they lie off the globe.
    pub fn from_e6(latitude_e6: i64, longitude_e6: i64) -> Option<Self> {
        let on_globe =
            (-90_000_000..=90_000_000).contains(&latitude_e6) && (-180_000_000..=180_000_000).contains(&longitude_e6);
        on_globe.then_some(Self { latitude_e6, longitude_e6 })
    }

    /// Millionths of a degree north.
    pub const fn latitude_e6(self) -> i64 {
        self.latitude_e6
    }

    /// Millionths of a degree east.
    pub const fn longitude_e6(self) -> i64 {
        self.longitude_e6
    }

    /// In degrees.
    pub fn degrees(self) -> Degrees {
        Degrees { latitude: degrees(self.latitude_e6), longitude: degrees(self.longitude_e6) }
    }

    /// Great-circle distance in meters, rounded, by the haversine formula, which is exact enough also for neighbors.
    /// `libm` computes it, so that the phone and the server get the same bits.
    pub fn distance_to(self, other: Self) -> i64 {
        let (from, to) = (radians(self.latitude_e6), radians(other.latitude_e6));
        let half_rise = libm::sin((to - from) / 2.0);
        let half_turn = libm::sin((radians(other.longitude_e6) - radians(self.longitude_e6)) / 2.0);
        let chord = half_rise * half_rise + libm::cos(from) * libm::cos(to) * half_turn * half_turn;
        whole(2.0 * EARTH_RADIUS * libm::asin(libm::sqrt(chord.clamp(0.0, 1.0))))
    }
}

fn radians(e6: i64) -> f64 {
    degrees(e6) * (core::f64::consts::PI / 180.0)
}

fn degrees(e6: i64) -> f64 {
    e6 as f64 / 1_000_000.0
}

fn millionths(degrees: f64) -> i64 {
    whole(degrees * 1_000_000.0)
}

/// The nearest whole number; callers stay far below 2^53.
pub(crate) fn whole(value: f64) -> i64 {
    libm::round(value) as i64
}

#[cfg(test)]
mod tests {
    use super::Position;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::from_degrees(latitude, longitude).unwrap()
    }

    #[test]
    fn distances_match_known_ones() {
        let (beijing, shanghai) = (at(39.9042, 116.4074), at(31.2304, 121.4737));
        assert!((1_066_000..=1_068_500).contains(&beijing.distance_to(shanghai)));
        assert_eq!(beijing.distance_to(beijing), 0);
        assert_eq!(beijing.distance_to(shanghai), shanghai.distance_to(beijing));
        // One degree of the equator, and half way round the globe.
        assert_eq!(at(0.0, 0.0).distance_to(at(0.0, 1.0)), 111_195);
        assert_eq!(at(0.0, -90.0).distance_to(at(0.0, 90.0)), 20_015_114);
        assert_eq!(at(0.0, 179.9).distance_to(at(0.0, -179.9)), 22_239);
    }

    #[test]
    fn what_is_off_the_globe_is_no_position() {
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(Position::from_degrees(latitude, longitude).is_none(), "{latitude} {longitude}");
        }
        assert!(Position::from_e6(90_000_001, 0).is_none());
    }
}
