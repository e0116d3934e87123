//! Other datums: WGS-84, as satellites and most devices give it, and BD-09, as Baidu's maps have it. Both are turned into
//! GCJ-02 once, at the edge. GCJ-02 itself was never published; this is the approximation that all open implementations
//! share, and it is good to about a meter. `libm` computes it, so that both sides get the same bits.

use super::{Position, outline};
use core::f64::consts::PI;
use serde::{Deserialize, Serialize};

/// Semi-major axis of the ellipsoid of Krasovsky (1940), in meters.
const AXIS: f64 = 6_378_245.0;
/// The square of its eccentricity.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Rounds of [`to_wgs84`]; each makes the error about a thousand times smaller.
const ROUNDS: usize = 3;

/// What a latitude and a longitude are measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// As WeChat's map has it.
    #[default]
    Gcj02,
    /// As satellites have it.
    Wgs84,
    /// As Baidu's map has it.
    Bd09,
}

impl Datum {
    /// Reads its name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "gcj02" => Some(Self::Gcj02),
            "wgs84" => Some(Self::Wgs84),
            "bd09" => Some(Self::Bd09),
            _ => None,
        }
    }

    /// The position (in GCJ-02) of degrees of this datum. `None` when they lie off the globe.
    pub fn position(self, latitude: f64, longitude: f64) -> Option<Position> {
        Position::from_degrees(latitude, longitude)?;
        let (latitude, longitude) = match self {
            Self::Gcj02 => (latitude, longitude),
            Self::Wgs84 => from_wgs84(latitude, longitude),
            Self::Bd09 => from_bd09(latitude, longitude),
        };
        Position::from_degrees(latitude, longitude)
    }
}

/// Degrees of WGS-84 as degrees of GCJ-02; outside mainland China both are the same.
pub fn from_wgs84(latitude: f64, longitude: f64) -> (f64, f64) {
    if !outline::contains(latitude, longitude) {
        return (latitude, longitude);
    }
    let (north, east) = shift(latitude, longitude);
    (latitude + north, longitude + east)
}

/// Degrees of GCJ-02 as degrees of WGS-84, exact to a hand's breadth. There is no formula for it: a guess is corrected
/// by where it would lead.
pub fn to_wgs84(latitude: f64, longitude: f64) -> (f64, f64) {
    if !outline::contains(latitude, longitude) {
        return (latitude, longitude);
    }
    let mut guess = (latitude, longitude);
    for _ in 0..ROUNDS {
        let (north, east) = shift(guess.0, guess.1);
        guess = (latitude - north, longitude - east);
    }
    guess
}

/// Degrees of BD-09 as degrees of GCJ-02.
fn from_bd09(latitude: f64, longitude: f64) -> (f64, f64) {
    if !outline::contains(latitude, longitude) {
        return (latitude, longitude);
    }
    let (x, y) = (longitude - 0.0065, latitude - 0.006);
    let wave = PI * 3000.0 / 180.0;
    let distance = libm::sqrt(x * x + y * y) - 0.000_02 * libm::sin(y * wave);
    let angle = libm::atan2(y, x) - 0.000_003 * libm::cos(x * wave);
    (distance * libm::sin(angle), distance * libm::cos(angle))
}

/// How far GCJ-02 lies north and east of WGS-84, in degrees.
fn shift(latitude: f64, longitude: f64) -> (f64, f64) {
    let (x, y) = (longitude - 105.0, latitude - 35.0);
    let waves = |amplitudes: [f64; 2], t: f64, periods: [f64; 2]| {
        let [first, second] = amplitudes;
        let [short, long] = periods;
        (first * libm::sin(t * PI / short) + second * libm::sin(t * PI / long)) * 2.0 / 3.0
    };
    let root = libm::sqrt(x.abs());
    let ripple = waves([20.0, 20.0], x, [1.0 / 6.0, 0.5]);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + ripple
        + waves([20.0, 40.0], y, [1.0, 3.0])
        + waves([160.0, 320.0], y, [12.0, 30.0]);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + ripple
        + waves([20.0, 40.0], x, [1.0, 3.0])
        + waves([150.0, 300.0], x, [12.0, 30.0]);
    let radians = latitude * PI / 180.0;
    let sine = libm::sin(radians);
    let bend = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
    let root = libm::sqrt(bend);
    let meridian = AXIS * (1.0 - ECCENTRICITY_SQUARED) / (bend * root);
    let parallel = AXIS / root * libm::cos(radians);
    (north * 180.0 / (meridian * PI), east * 180.0 / (parallel * PI))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Latitude and longitude in the first datum, then in GCJ-02.
    type Pair = (f64, f64, f64, f64);

    /// From the test-suite of github.com/googollee/eviltransform (Shanghai, Shenzhen, Beijing) and the documentation of
    /// github.com/wandergis/coordtransform.
    const WGS84: [Pair; 4] = [
        (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
        (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
        (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
        (39.915, 116.404, 39.91640428150164, 116.41024449916938),
    ];
    /// From the documentation of github.com/wandergis/coordtransform.
    const BD09: Pair = (39.915, 116.404, 39.90865673957631, 116.39762729119315);

    fn meters((latitude, longitude): (f64, f64), expected: (f64, f64)) -> f64 {
        let scale = 111_195.0;
        let narrow = libm::cos(expected.0 * PI / 180.0);
        libm::hypot((latitude - expected.0) * scale, (longitude - expected.1) * scale * narrow)
    }

    #[test]
    fn published_pairs_land_where_they_belong() {
        for (latitude, longitude, north, east) in WGS84 {
            assert!(meters(from_wgs84(latitude, longitude), (north, east)) < 0.05, "{latitude} {longitude}");
            let position = Datum::Wgs84.position(latitude, longitude).unwrap();
            assert!((position.latitude_e6() - libm::round(north * 1e6) as i64).abs() <= 1);
            assert!((position.longitude_e6() - libm::round(east * 1e6) as i64).abs() <= 1);
        }
        let (latitude, longitude, north, east) = BD09;
        assert!(meters(from_bd09(latitude, longitude), (north, east)) < 0.05);
    }

    #[test]
    fn there_and_back_ends_within_a_meter() {
        for latitude in 18..54 {
            for longitude in 73..136 {
                let start = (f64::from(latitude) + 0.4711, f64::from(longitude) + 0.0815);
                let there = from_wgs84(start.0, start.1);
                // At the edge of the outline one of the two may lie on either side of it.
                if outline::contains(start.0, start.1) == outline::contains(there.0, there.1) {
                    assert!(meters(to_wgs84(there.0, there.1), start) < 0.1, "{start:?}");
                }
            }
        }
    }

    #[test]
    fn outside_china_a_position_stays_as_it_is() {
        for (latitude, longitude) in [(48.8584, 2.2945), (35.6586, 139.7454), (-33.8568, 151.2153), (0.0, 0.0)] {
            assert_eq!(from_wgs84(latitude, longitude), (latitude, longitude));
            assert_eq!(to_wgs84(latitude, longitude), (latitude, longitude));
            assert_eq!(from_bd09(latitude, longitude), (latitude, longitude));
        }
        assert_eq!(Datum::Wgs84.position(91.0, 0.0), None);
        assert_eq!(Datum::Bd09.position(f64::NAN, 0.0), None);
    }

    #[test]
    fn datums_are_known_by_name() {
        for datum in [Datum::Gcj02, Datum::Wgs84, Datum::Bd09] {
            let name = serde_json::to_value(datum).unwrap();
            assert_eq!(Datum::parse(name.as_str().unwrap()), Some(datum));
        }
        assert_eq!(Datum::parse("GCJ-02"), None);
    }
}
