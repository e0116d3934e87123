use super::*;
use std::collections::BTreeMap;

/// A generator of numbers that look random and are the same each time (a linear congruential one, Knuth's MMIX).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % limit
    }

    fn position(&mut self, center: (i64, i64), spread: i64) -> Position {
        let latitude = (center.0 + self.below(2 * spread) - spread).clamp(-90_000_000, 90_000_000);
        let longitude =
            (center.1 + self.below(2 * spread) - spread + 180_000_000).rem_euclid(360_000_000) - 180_000_000;
        Position::from_e6(latitude, longitude).unwrap()
    }
}

/// A store in the order of the cells, as the index is; answers how many rows it has shown.
struct Store(BTreeMap<(i64, String), Position>);

impl Store {
    fn new(positions: Vec<Position>) -> Self {
        let rows = positions.into_iter().enumerate();
        Self(rows.map(|(number, position)| ((cell_of(position), format!("{number:06}")), position)).collect())
    }

    /// Asks for much of one range at a time and for little of several, which must come to the same; answers how many
    /// ranges the former took.
    fn page(&self, origin: Position, after: Option<Candidate>, wanted: usize) -> (Vec<Candidate>, usize) {
        let (found, asked) = self.search(origin, after.clone(), wanted, 1, wanted.max(20));
        let (same, _) = self.search(origin, after, wanted, 4, wanted / 4);
        assert_eq!(found, same);
        (found, asked)
    }

    fn search(
        &self,
        origin: Position,
        after: Option<Candidate>,
        wanted: usize,
        at_once: usize,
        of_each: usize,
    ) -> (Vec<Candidate>, usize) {
        let (mut search, mut asked) = (Search::new(origin, after, wanted), 0);
        loop {
            let ranges = search.next_ranges(at_once);
            if ranges.is_empty() {
                return (search.finish(), asked);
            }
            for range in ranges {
                let most = if range.is_spot() { of_each.max(wanted) } else { of_each };
                asked += 1;
                let rows = self.0.range((range.from, String::new())..(range.until, String::new())).map(|(key, _)| key);
                let rows = rows.filter(|(_, id)| id.as_str() > search.start_in(&range));
                let mut rows: Vec<_> = rows.take(most + 1).map(|(cell, id)| (id.clone(), *cell)).collect();
                let more = rows.len() > most;
                rows.truncate(most);
                search.read(range, rows, more);
            }
        }
    }

    fn by_hand(&self, origin: Position) -> Vec<Candidate> {
        let mut all: Vec<_> = self.0.iter().map(|((_, id), position)| (origin.distance_to(*position), id)).collect();
        all.sort();
        all.into_iter().map(|(distance, id)| Candidate { distance, id: id.clone() }).collect()
    }
}

#[test]
fn a_cell_is_its_position() {
    let mut numbers = Numbers(1);
    for _ in 0..1000 {
        let position = numbers.position((0, 0), 200_000_000);
        assert_eq!(position_of(cell_of(position)), Some(position));
    }
    assert_eq!(position_of(i64::MAX), None);
}

#[test]
fn pages_are_the_nearest_in_order_and_leave_nothing_out() {
    let mut numbers = Numbers(7);
    let places = [
        ((31_230_400, 121_473_700), 500_000),
        ((0, 0), 180_000_000),
        ((89_900_000, 10_000_000), 300_000),
        ((-10_000_000, 179_990_000), 200_000),
    ];
    for (center, spread) in places {
        let store = Store::new((0..2000).map(|_| numbers.position(center, spread)).collect());
        for _ in 0..5 {
            let origin = numbers.position(center, spread);
            let expected = store.by_hand(origin);
            let mut after = None;
            for page in 0..8 {
                let (found, _) = store.page(origin, after, 25);
                assert_eq!(found, expected[page * 25..(page + 1) * 25], "{center:?} {origin:?} page {page}");
                after = found.last().cloned();
            }
        }
    }
}

#[test]
fn many_at_one_place_are_found_too() {
    let place = Position::from_e6(31_000_000, 121_000_000).unwrap();
    let store = Store::new(vec![place; 100]);
    let (first, _) = store.page(place, None, 30);
    let (second, _) = store.page(place, first.last().cloned(), 30);
    assert_eq!((first.len(), second.len()), (30, 30));
    assert!(first.last() < second.first());
    let (far, _) = store.page(Position::from_e6(-31_000_000, -59_000_000).unwrap(), None, 200);
    assert_eq!(far.len(), 100);
}

#[test]
fn crowded_spots_among_others_are_in_their_place() {
    let mut numbers = Numbers(11);
    let city = (31_230_400, 121_473_700);
    let spots: Vec<_> = (0..5).map(|_| numbers.position(city, 200_000)).collect();
    let crowd = spots.iter().flat_map(|spot| std::iter::repeat_n(*spot, 60)).collect::<Vec<_>>();
    let neighbors = spots.iter().map(|spot| Position::from_e6(spot.latitude_e6() + 1, spot.longitude_e6()).unwrap());
    let others = (0..500).map(|_| numbers.position(city, 200_000)).collect::<Vec<_>>();
    let store = Store::new(crowd.iter().copied().chain(neighbors).chain(others).collect());
    for origin in spots.iter().copied().chain([numbers.position(city, 300_000), numbers.position((0, 0), 90_000_000)]) {
        let expected = store.by_hand(origin);
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let (found, _) = store.page(origin, after, 25);
            after = found.last().cloned();
            seen.extend(found);
            if seen.len() % 25 != 0 || after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected, "{origin:?}");
    }
}

#[test]
fn a_search_asks_for_few_cells() {
    let mut numbers = Numbers(3);
    let city = (31_230_400, 121_473_700);
    let store = Store::new((0..20_000).map(|_| numbers.position(city, 300_000)).collect());
    for _ in 0..20 {
        let (found, asked) = store.page(numbers.position(city, 300_000), None, 20);
        assert_eq!(found.len(), 20);
        assert!(asked < 80, "{asked}");
    }
}
