//! Who follows an official account: people by name, and a population that is only counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::identity::{self, Population, member_number};

/// One person's way to the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Person {
    /// When it began, in seconds since 1970.
    since: i64,
    /// The place in the list, kept when the person leaves, so that a page that ended there has a successor.
    place: u64,
    following: bool,
    /// The scene of the QR code that led here.
    scene: Option<String>,
}

/// What is told about somebody who follows.
pub(crate) struct Follow {
    pub(crate) since: i64,
    pub(crate) scene: Option<String>,
}

/// The followers of one official account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Followers {
    /// The members with a lower number follow, but for those who left.
    population: u32,
    populated: i64,
    left: BTreeSet<u32>,
    people: HashMap<String, Person>,
    /// The names by their place.
    order: BTreeMap<u64, String>,
    next_place: u64,
    following: u64,
}

/// Where a page of the list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// With this member of the population.
    Member(u32),
    /// After this place among the people.
    Place(u64),
}

impl Followers {
    /// Replaces the population; who had left it follows again.
    pub(crate) fn populate(&mut self, count: u32, now: i64) {
        self.population = count;
        self.populated = now;
        self.left.clear();
        // Whoever came by name and belongs to it from now on must not be in the list twice.
        for number in self.people.keys().filter_map(|name| member_number(name)).collect::<Vec<_>>() {
            if number < count
                && let Some(person) = self.people.remove(&identity::member(number))
            {
                self.order.remove(&person.place);
                self.following = self.following.saturating_sub(u64::from(person.following));
            }
        }
    }

    /// Somebody who follows already goes on as before.
    pub(crate) fn follow(&mut self, user: &str, scene: Option<&str>, now: i64) {
        if let Some(number) = self.member(user) {
            self.left.remove(&number);
            return;
        }
        if let Some(person) = self.people.get(user) {
            if person.following {
                return;
            }
            self.order.remove(&person.place);
        }
        let person = Person { since: now, place: self.next_place, following: true, scene: scene.map(str::to_owned) };
        self.order.insert(person.place, user.to_owned());
        self.people.insert(user.to_owned(), person);
        self.next_place = self.next_place.saturating_add(1);
        self.following = self.following.saturating_add(1);
    }

    pub(crate) fn unfollow(&mut self, user: &str) {
        if let Some(number) = self.member(user) {
            self.left.insert(number);
        } else if let Some(person) = self.people.get_mut(user)
            && std::mem::replace(&mut person.following, false)
        {
            self.following = self.following.saturating_sub(1);
        }
    }

    /// `None` for somebody who does not follow.
    pub(crate) fn get(&self, user: &str) -> Option<Follow> {
        if let Some(number) = self.member(user) {
            return (!self.left.contains(&number)).then_some(Follow { since: self.populated, scene: None });
        }
        let person = self.people.get(user).filter(|person| person.following)?;
        Some(Follow { since: person.since, scene: person.scene.clone() })
    }

    pub(crate) fn total(&self) -> u64 {
        let left = u64::try_from(self.left.len()).unwrap_or(u64::MAX);
        u64::from(self.population).saturating_sub(left).saturating_add(self.following)
    }

    /// The number of a member of this population. One beyond its size is a person like any other.
    fn member(&self, user: &str) -> Option<u32> {
        member_number(user).filter(|number| *number < self.population)
    }

    /// The name of the member of this population whose openid it is.
    pub(crate) fn member_by_openid(&self, appid: &str, openid: &str) -> Option<String> {
        let number = Population::of(appid).number(openid).filter(|number| *number < self.population)?;
        Some(identity::member(number))
    }

    /// What follows this person in the list; `None` for somebody who was never in it.
    pub(crate) fn after(&self, user: &str) -> Option<Start> {
        match self.member(user) {
            Some(number) => Some(Start::Member(number.saturating_add(1))),
            None => self.people.get(user).map(|person| Start::Place(person.place)),
        }
    }

    /// The openids of at most `size` followers: the population in the order of its numbers, then the people in the
    /// order in which they came.
    pub(crate) fn page(&self, appid: &str, start: Start, size: usize) -> Vec<String> {
        let (member, place) = match start {
            Start::Member(number) => (number, Bound::Unbounded),
            Start::Place(place) => (self.population, Bound::Excluded(place)),
        };
        let population = Population::of(appid);
        let members = (member..self.population).filter(|number| !self.left.contains(number));
        let people = self.order.range((place, Bound::Unbounded)).map(|(_, name)| name);
        let people = people.filter(|name| self.people.get(*name).is_some_and(|person| person.following));
        let members = members.map(|number| population.openid(number));
        members.chain(people.map(|name| identity::openid(appid, name))).take(size).collect()
    }
}
