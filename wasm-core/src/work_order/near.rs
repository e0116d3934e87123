//! The nearest first, out of any number, over an index that knows only order: a position is one number whose leading
//! bits name a cell of a grid (a Morton code), so that all positions of a cell lie next to each other. The search
//! looks at the cells in the order of their distance and divides those that hold too many.

use crate::position::Position;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Bits of each axis: enough for 360,000,000 millionths of a degree.
const BITS: u32 = 29;
/// Mean radius of the Earth in meters (IUGG), as in [`Position::distance_to`].
const EARTH_RADIUS: f64 = 6_371_008.8;

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

/// A range of cells to look through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first [`cell_of`] in it.
    pub from: i64,
    /// The first after it.
    pub until: i64,
    level: u32,
}

impl Range {
    const WORLD: Self = Self { from: 0, until: 1 << (2 * BITS), level: 0 };

    /// Whether it is one single position, which cannot be divided.
    pub const fn is_point(&self) -> bool {
        self.level == BITS
    }

    fn quarters(self) -> impl Iterator<Item = Self> {
        let size = (self.until - self.from) / 4;
        (0..4).map(move |quarter| {
            let from = self.from + quarter * size;
            Self { from, until: from + size, level: self.level + 1 }
        })
    }

    /// Whether some of it lies on the globe: the grid is larger.
    fn is_on_globe(self) -> bool {
        position_of(self.from).is_some()
    }

    /// Bounds of the distance from `origin` to whatever lies in the cell, in meters. They may be wide, but hold.
    fn bounds(self, origin: Position) -> (i64, i64) {
        let side = 1_i64 << (BITS - self.level);
        let (south, west) = (gather(self.from >> 1) - 90_000_000, gather(self.from) - 180_000_000);
        let (north, east) = ((south + side).min(90_000_000), (west + side).min(180_000_000));
        let (latitude, longitude) = (origin.latitude_e6(), origin.longitude_e6());
        let rise = radians((south - latitude).max(latitude - north).max(0));
        let turn = radians(gap(longitude, west, east)).min(core::f64::consts::FRAC_PI_2);
        let meridian = libm::asin(libm::cos(radians(latitude)) * libm::sin(turn));
        let least = EARTH_RADIUS * rise.max(meridian);
        // Along the meridian and then along the widest parallel of the cell there is a way to every point of it.
        let flattest = if south <= 0 && north >= 0 { 0 } else { south.abs().min(north.abs()) };
        let farthest_rise = radians((north - latitude).abs().max((south - latitude).abs()));
        let farthest_turn = radians((east - longitude).abs().max((west - longitude).abs()).min(180_000_000));
        let most = EARTH_RADIUS * (farthest_rise + farthest_turn * libm::cos(radians(flattest.min(90_000_000))));
        (crate::position::whole(least) - 1, crate::position::whole(most) + 1)
    }
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

fn radians(e6: i64) -> f64 {
    e6 as f64 / 1_000_000.0 * (core::f64::consts::PI / 180.0)
}

/// The search for the next page of the nearest.
pub struct Search {
    origin: Position,
    after: Option<Candidate>,
    wanted: usize,
    cells: BinaryHeap<Reverse<(i64, i64, i64, u32)>>,
    found: BinaryHeap<Candidate>,
}

impl Search {
    /// The `wanted` nearest to `origin` that come after `after`, the last one of the page before.
    pub fn new(origin: Position, after: Option<Candidate>, wanted: usize) -> Self {
        let mut search = Self { origin, after, wanted, cells: BinaryHeap::new(), found: BinaryHeap::new() };
        search.visit(Range::WORLD);
        search
    }

    /// The next range to look through; `None` when what was found is final.
    pub fn next_range(&mut self) -> Option<Range> {
        let Reverse((least, from, until, level)) = self.cells.pop()?;
        let enough = self.found.len() >= self.wanted && self.found.peek().is_some_and(|last| last.distance < least);
        (!enough).then_some(Range { from, until, level })
    }

    /// The range holds too many to look at: its quarters come in its place.
    pub fn divide(&mut self, range: Range) {
        for quarter in range.quarters().filter(|quarter| quarter.is_on_globe()) {
            self.visit(quarter);
        }
    }

    /// Something in the range.
    pub fn add(&mut self, id: String, position: Position) {
        let candidate = Candidate { distance: self.origin.distance_to(position), id };
        if self.after.as_ref().is_some_and(|after| candidate <= *after) {
            return;
        }
        self.found.push(candidate);
        if self.found.len() > self.wanted {
            self.found.pop();
        }
    }

    /// The nearest, in order.
    pub fn finish(self) -> Vec<Candidate> {
        self.found.into_sorted_vec()
    }

    fn visit(&mut self, range: Range) {
        let (least, most) = range.bounds(self.origin);
        if self.after.as_ref().is_none_or(|after| most >= after.distance) {
            self.cells.push(Reverse((least, range.from, range.until, range.level)));
        }
    }
}

#[cfg(test)]
mod tests;
