//! The nearest first, out of any number, over an index that knows only order: a position is one number whose leading
//! bits name a cell of a grid (a Morton code), so that all positions of a cell lie next to each other. The search
//! looks at the cells in the order of their distance and divides those that hold too many or are too large.

use crate::position::Position;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Bits of each axis: enough for 360,000,000 millionths of a degree.
const BITS: u32 = 29;
/// Mean radius of the Earth in meters (IUGG), as in [`Position::distance_to`].
const EARTH_RADIUS: f64 = 6_371_008.8;
/// Cells broader than so many times the radius of the circle of interest are divided unseen.
const LARGEST: f64 = 2.0;

/// Where a position stands in the order of the index: less than 2^58.
pub fn cell_of(position: Position) -> i64 {
    let north = spread(position.latitude_e6() + 90_000_000);
    let east = spread(position.longitude_e6() + 180_000_000);
    north << 1 | east
}

/// The position of [`cell_of`]; `None` when there is none.
pub fn position_of(cell: i64) -> Option<Position> {
    Position::from_e6(gather(cell >> 1) - 90_000_000, gather(cell) - 180_000_000)
}

/// Puts a zero before each bit.
fn spread(value: i64) -> i64 {
    (0..BITS).fold(0, |spread, bit| spread | (value >> bit & 1) << (2 * bit))
}

/// Takes every second bit.
fn gather(value: i64) -> i64 {
    (0..BITS).fold(0, |gathered, bit| gathered | (value >> (2 * bit) & 1) << bit)
}

/// Something that lies at a distance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Meters from the origin.
    pub distance: i64,
    /// Its id; decides between equal distances.
    pub id: String,
}

/// A range of positions in the order of the index, within one cell of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first [`cell_of`] in it.
    pub from: i64,
    /// The first after it.
    pub until: i64,
    /// The first of the cell.
    corner: i64,
    level: u32,
}

impl Range {
    /// Whether a [`cell_of`] lies in it.
    pub const fn holds(&self, cell: i64) -> bool {
        self.from <= cell && cell < self.until
    }

    /// Whether it is one position: of what is there, at least as many are read as are wanted.
    pub const fn is_spot(&self) -> bool {
        self.level == BITS
    }

    const WORLD: Self = Self { from: 0, until: 1 << (2 * BITS), corner: 0, level: 0 };

    const fn point(cell: i64) -> Self {
        Self { from: cell, until: cell + 1, corner: cell, level: BITS }
    }

    /// What of the range lies in each quarter of its cell.
    fn quarters(self) -> impl Iterator<Item = Self> {
        let size = 1_i64 << (2 * (BITS - self.level)) >> 2;
        let quarter = move |number| {
            let corner = self.corner + number * size;
            let (from, until) = (self.from.max(corner), self.until.min(corner + size));
            (from < until).then_some(Self { from, until, corner, level: self.level + 1 })
        };
        (0..4).filter_map(quarter)
    }

    /// Whether some of the cell lies on the globe: the grid is larger.
    fn is_on_globe(self) -> bool {
        position_of(self.corner).is_some()
    }

    /// The parallels and meridians around the cell: south, west, north and east, in millionths of a degree.
    fn edges(self) -> (i64, i64, i64, i64) {
        let side = 1_i64 << (BITS - self.level);
        let (south, west) = (gather(self.corner >> 1) - 90_000_000, gather(self.corner) - 180_000_000);
        (south, west, (south + side).min(90_000_000), (west + side).min(180_000_000))
    }

    /// The shorter side of the cell in meters, which is that along its widest parallel: close to a pole, cells are thin.
    fn breadth(self) -> f64 {
        let (south, west, north, east) = self.edges();
        EARTH_RADIUS * radians(east - west) * libm::cos(radians(widest(south, north)))
    }

    /// Bounds of the distance from `origin` to whatever lies in the cell, in meters. They may be wide, but hold.
    fn bounds(self, origin: Position) -> (i64, i64) {
        let (south, west, north, east) = self.edges();
        let (latitude, longitude) = (origin.latitude_e6(), origin.longitude_e6());
        let turn = gap(longitude, west, east);
        let least = if turn == 0 {
            EARTH_RADIUS * radians((south - latitude).max(latitude - north).max(0))
        } else {
            // On a parallel, the closest is at the edge.
            EARTH_RADIUS * to_meridian(radians(latitude), radians(turn), radians(south), radians(north))
        };
        // Along the meridian and then along the widest parallel of the cell there is a way to every point of it.
        let farthest_rise = radians((north - latitude).abs().max((south - latitude).abs()));
        let farthest_turn = radians((east - longitude).abs().max((west - longitude).abs()).min(180_000_000));
        let most = EARTH_RADIUS * (farthest_rise + farthest_turn * libm::cos(radians(widest(south, north))));
        (crate::position::whole(least) - 1, crate::position::whole(most) + 1)
    }
}

/// The angle from a point at `latitude` to the closest point of a meridian `turn` away from it, between `south` and
/// `north`; all in radians.
fn to_meridian(latitude: f64, turn: f64, south: f64, north: f64) -> f64 {
    let foot = libm::atan2(libm::sin(latitude), libm::cos(latitude) * libm::cos(turn));
    let to = |other: f64| {
        let (rise, turn) = (libm::sin((other - latitude) / 2.0), libm::sin(turn / 2.0));
        let haversine = rise * rise + libm::cos(latitude) * libm::cos(other) * turn * turn;
        2.0 * libm::asin(libm::sqrt(haversine.min(1.0)))
    };
    if (south..=north).contains(&foot) { to(foot) } else { to(south).min(to(north)) }
}

/// How far `longitude` lies outside `west` to `east`, the shorter way round, in millionths of a degree.
fn gap(longitude: i64, west: i64, east: i64) -> i64 {
    if (west..=east).contains(&longitude) {
        return 0;
    }
    let apart = |edge: i64| {
        let turn = (longitude - edge).rem_euclid(360_000_000);
        turn.min(360_000_000 - turn)
    };
    apart(west).min(apart(east))
}

/// The parallel closest to the equator.
fn widest(south: i64, north: i64) -> i64 {
    if south <= 0 && north >= 0 { 0 } else { south.abs().min(north.abs()) }
}

fn radians(e6: i64) -> f64 {
    e6 as f64 / 1_000_000.0 * (core::f64::consts::PI / 180.0)
}

/// The search for the next page of the nearest.
pub struct Search {
    origin: Position,
    after: Option<Candidate>,
    wanted: usize,
    /// By the least distance.
    ranges: BinaryHeap<Reverse<(i64, Range)>>,
    found: BinaryHeap<Candidate>,
}

impl Search {
    /// The `wanted` nearest to `origin` that come after `after`, the last one of the page before.
    pub fn new(origin: Position, after: Option<Candidate>, wanted: usize) -> Self {
        let mut search = Self { origin, after, wanted, ranges: BinaryHeap::new(), found: BinaryHeap::new() };
        // What follows the origin in the order of the index mostly lies close to it, and so bounds what is of interest.
        let here = cell_of(origin);
        search.ranges.push(Reverse((i64::MIN, Range { from: here, ..Range::WORLD })));
        search.visit(Range { until: here, ..Range::WORLD });
        search
    }

    /// The next ranges to ask the index for, at most so many; none when what was found is final. Asking for several at
    /// once saves round trips; what one of them shows may make the others superfluous.
    pub fn next_ranges(&mut self, most: usize) -> Vec<Range> {
        std::iter::from_fn(|| self.next_range()).take(most).collect()
    }

    fn next_range(&mut self) -> Option<Range> {
        loop {
            let Reverse((least, range)) = self.ranges.pop()?;
            let Some(bound) = self.bound() else { return Some(range) };
            if least > bound {
                return None;
            }
            // Of a cell much larger than the circle that is of interest only a part can matter.
            if range.breadth() <= LARGEST * (bound + 1) as f64 {
                return Some(range);
            }
            self.divide(range);
        }
    }

    /// The id after which the range is to be read, in the order of cells and ids: of many at one spot, those of the
    /// pages before need not be seen again.
    pub fn start_in(&self, range: &Range) -> &str {
        let spot = range.is_spot().then(|| position_of(range.from)).flatten();
        let distance = spot.map(|spot| self.origin.distance_to(spot));
        let after = self.after.as_ref().filter(|after| Some(after.distance) == distance);
        after.map_or("", |after| &after.id)
    }

    /// What the index has in the range, by cells and ids; of a spot where there is `more`, at least as many as are wanted.
    pub fn read(&mut self, range: Range, rows: Vec<(String, i64)>, more: bool) {
        let (Some((_, first)), Some((_, last))) = (rows.first(), rows.last()) else { return };
        let (first, last) = (*first, *last);
        // A spot may have been read in part.
        let read_until = if more && !range.is_spot() { last } else { range.until };
        for (id, cell) in rows {
            if let Some(position) = position_of(cell).filter(|_| cell < read_until) {
                self.add(id, position);
            }
        }
        if read_until == range.until {
            return;
        }
        if first == last {
            self.visit(Range::point(last));
            self.divide(Range { from: last + 1, ..range });
        } else {
            self.divide(Range { from: last, ..range });
        }
    }

    /// The nearest, in order.
    pub fn finish(self) -> Vec<Candidate> {
        self.found.into_sorted_vec()
    }

    /// Beyond this distance nothing is of interest.
    fn bound(&self) -> Option<i64> {
        self.found.peek().filter(|_| self.found.len() >= self.wanted).map(|last| last.distance)
    }

    fn divide(&mut self, range: Range) {
        for quarter in range.quarters().filter(|quarter| quarter.is_on_globe()) {
            self.visit(quarter);
        }
    }

    fn add(&mut self, id: String, position: Position) {
        let candidate = Candidate { distance: self.origin.distance_to(position), id };
        if self.after.as_ref().is_some_and(|after| candidate <= *after) {
            return;
        }
        self.found.push(candidate);
        if self.found.len() > self.wanted {
            self.found.pop();
        }
    }

    fn visit(&mut self, range: Range) {
        let (least, most) = range.bounds(self.origin);
        if self.after.as_ref().is_none_or(|after| most >= after.distance) {
            self.ranges.push(Reverse((least, range)));
        }
    }
}

#[cfg(test)]
mod tests;
