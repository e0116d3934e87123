//! Where GCJ-02 differs from WGS-84: mainland China with Hong Kong and Macau, as bands of latitude. An outline of boxes
//! errs within some kilometers of a land border, as the maps themselves do; no city far from one lies on the wrong side.

/// Latitude from and until, longitude from and until, in degrees.
type Band = [f64; 4];

const BANDS: &[Band] = &[
    [17.8, 20.3, 108.3, 111.4],
    [20.3, 21.4, 109.0, 112.5],
    [21.4, 22.0, 107.9, 117.0],
    [21.2, 22.0, 99.9, 101.8],
    [22.0, 23.0, 98.9, 104.8],
    [22.0, 23.0, 106.6, 118.5],
    [23.0, 23.5, 98.7, 118.5],
    [23.5, 25.5, 97.7, 119.85],
    [25.5, 28.2, 98.5, 122.0],
    [28.2, 30.0, 86.0, 123.0],
    [30.0, 32.0, 81.0, 123.0],
    [32.0, 35.5, 79.0, 122.5],
    [35.5, 37.0, 76.0, 123.0],
    [37.0, 40.0, 74.0, 124.2],
    [40.0, 40.8, 74.0, 124.6],
    [40.8, 41.8, 76.5, 126.4],
    [41.8, 42.4, 80.0, 130.6],
    [42.4, 43.0, 80.0, 96.5],
    [42.4, 43.0, 111.5, 130.6],
    [43.0, 45.0, 80.2, 91.0],
    [43.0, 45.0, 111.9, 131.2],
    [45.0, 47.5, 82.5, 90.5],
    [45.0, 46.0, 114.0, 133.0],
    [46.0, 47.5, 118.0, 134.0],
    [47.5, 49.0, 85.5, 89.9],
    [47.5, 50.25, 116.5, 131.0],
    [50.25, 53.6, 119.5, 126.0],
];

/// Whether maps of that place are in GCJ-02.
pub fn contains(latitude: f64, longitude: f64) -> bool {
    BANDS
        .iter()
        .any(|[south, north, west, east]| (*south..*north).contains(&latitude) && (*west..*east).contains(&longitude))
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn cities_lie_on_their_side() {
        let inside = [
            ("Beijing", 39.90, 116.41),
            ("Shanghai", 31.23, 121.47),
            ("Shenzhen", 22.54, 114.06),
            ("Hong Kong", 22.30, 114.17),
            ("Macau", 22.20, 113.54),
            ("Sanya", 18.25, 109.51),
            ("Haikou", 20.04, 110.32),
            ("Zhanjiang", 21.27, 110.36),
            ("Nanning", 22.82, 108.32),
            ("Kunming", 25.04, 102.71),
            ("Jinghong", 21.99, 100.80),
            ("Lhasa", 29.65, 91.14),
            ("Shigatse", 29.27, 88.88),
            ("Urumqi", 43.83, 87.62),
            ("Kashgar", 39.47, 75.99),
            ("Yining", 43.91, 81.32),
            ("Altay", 47.85, 88.14),
            ("Hami", 42.83, 93.51),
            ("Hohhot", 40.84, 111.75),
            ("Xilinhot", 43.93, 116.09),
            ("Hulunbuir", 49.21, 119.77),
            ("Mohe", 52.97, 122.54),
            ("Harbin", 45.80, 126.53),
            ("Jiamusi", 46.80, 130.32),
            ("Yanji", 42.89, 129.51),
            ("Shenyang", 41.80, 123.43),
            ("Dalian", 38.91, 121.61),
            ("Weihai", 37.51, 122.12),
            ("Ningbo", 29.87, 121.55),
            ("Xiamen", 24.48, 118.09),
            ("Fuzhou", 26.07, 119.30),
        ];
        for (city, latitude, longitude) in inside {
            assert!(contains(latitude, longitude), "{city}");
        }
        let outside = [
            ("Taipei", 25.03, 121.57),
            ("Kaohsiung", 22.63, 120.30),
            ("Seoul", 37.57, 126.98),
            ("Pyongyang", 39.02, 125.75),
            ("Vladivostok", 43.12, 131.89),
            ("Khabarovsk", 48.48, 135.08),
            ("Chita", 52.03, 113.50),
            ("Ulaanbaatar", 47.92, 106.92),
            ("Choibalsan", 48.07, 114.53),
            ("Almaty", 43.24, 76.89),
            ("Bishkek", 42.87, 74.57),
            ("Osh", 40.51, 72.82),
            ("Leh", 34.15, 77.58),
            ("Kathmandu", 27.70, 85.32),
            ("Thimphu", 27.47, 89.64),
            ("Delhi", 28.61, 77.21),
            ("Mandalay", 21.97, 96.08),
            ("Hanoi", 21.03, 105.85),
            ("Ha Long", 20.95, 107.07),
            ("Tokyo", 35.69, 139.69),
            ("Fukuoka", 33.59, 130.40),
            ("Manila", 14.60, 120.98),
            ("Singapore", 1.29, 103.85),
        ];
        for (city, latitude, longitude) in outside {
            assert!(!contains(latitude, longitude), "{city}");
        }
    }
}
