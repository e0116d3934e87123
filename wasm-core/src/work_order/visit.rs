//! A check-in or check-out on site: what it proves about where, and whether its times can be.

use super::fix::{Fix, FixDocument, Source, optional_moment, position_of};
use crate::position::{Degrees, Position};
use crate::problem::FieldError;
use crate::time::{DAY, MINUTE};
use serde::{Deserialize, Serialize};

/// How far back an upload may lie.
pub const OLDEST: i64 = 7 * DAY;
/// How far ahead it may lie.
pub const AHEAD: i64 = 5 * MINUTE;
/// A clock that is further off than this is suspect.
pub const CLOCK_TOLERANCE: i64 = 2 * MINUTE;

/// What a check-in proves about where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Within the geofence, as far as the fix can tell.
    Inside,
    /// Outside it.
    Outside,
    /// The phone measured no usable fix.
    NoFix,
    /// Nothing to judge by: there was no network and no fix, or the site's position is not known.
    Offline,
    /// No usable fix, and the engineer said why.
    Skipped,
}

impl Outcome {
    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::NoFix => "no_fix",
            Self::Offline => "offline",
            Self::Skipped => "skipped",
        }
    }
}

/// What is known when somebody checks in or out.
#[derive(Clone, Copy, Debug)]
pub struct Presence<'a> {
    /// Where the unit stands, where that is known.
    pub site: Option<Position>,
    /// Where the phone was.
    pub fix: Option<&'a Fix>,
    /// When, by the phone's clock; `None` where only a fresh fix is at hand.
    pub at: Option<i64>,
    /// Radius of the geofence in meters.
    pub geofence_meters: i64,
    /// Whether there was no network.
    pub offline: bool,
    /// Why there is no fix, or none inside.
    pub skip_reason: Option<&'a str>,
}

/// The outcome of a check-in or check-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// What it proves.
    pub outcome: Outcome,
    /// Distance to the site in meters, where the site is known and the phone measured where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_meters: Option<i64>,
}

/// Judges where somebody was. Accuracy counts in favor: what may be inside is inside. A point that was picked on a map
/// proves nothing, as if it were not there.
pub fn judge(presence: &Presence<'_>) -> Judged {
    let measured = presence.fix.filter(|fix| fix.source == Source::Gps);
    let usable = measured.filter(|fix| fix.is_usable(presence.at));
    let distance_meters = presence.site.zip(usable).map(|(site, fix)| site.distance_to(fix.position));
    let outcome = match (usable, distance_meters) {
        (Some(fix), Some(meters)) if meters - fix.accuracy.unwrap_or(0) <= presence.geofence_meters => Outcome::Inside,
        (Some(_), Some(_)) => Outcome::Outside,
        (Some(_), None) => Outcome::Offline,
        (None, _) if presence.skip_reason.is_some() => Outcome::Skipped,
        (None, _) if presence.offline => Outcome::Offline,
        (None, _) => Outcome::NoFix,
    };
    Judged { outcome, distance_meters }
}

/// Whether a geofence that blocks keeps this check-in out. What happened without network is never refused.
pub fn is_blocked(judged: &Judged, presence: &Presence<'_>) -> bool {
    let outside = matches!(judged.outcome, Outcome::Outside | Outcome::NoFix);
    outside && presence.skip_reason.is_none() && !presence.offline
}

/// What is known about the time of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How far the phone's clock is ahead, in milliseconds: what it read when the request was sent, less the receipt.
    pub clock_skew_ms: i64,
    /// Whether that is too much for the way of the request alone.
    pub clock_suspect: bool,
    /// When it happened: as the phone said, put right where its clock is suspect.
    pub counted_at: i64,
}

/// Judges the times of an upload; `None` when it lies too far back or ahead, by a clock that was put right.
pub fn timing(at: i64, sent_at: i64, received_at: i64) -> Option<Timing> {
    let clock_skew_ms = sent_at.checked_sub(received_at)?;
    let corrected = at.checked_sub(clock_skew_ms)?;
    let clock_suspect = clock_skew_ms.abs() > CLOCK_TOLERANCE;
    let possible = (received_at - OLDEST..=received_at + AHEAD).contains(&corrected);
    let counted_at = if clock_suspect { corrected } else { at };
    possible.then_some(Timing { clock_skew_ms, clock_suspect, counted_at })
}

/// Whether a check-out may follow that check-in, by the times that count; clocks that were put right are so within
/// [`CLOCK_TOLERANCE`] only.
pub const fn may_follow(checked_in_at: i64, checked_out_at: i64) -> bool {
    checked_out_at >= checked_in_at - CLOCK_TOLERANCE
}

/// A check-in as the mini program asks about it, before it is sent.
#[derive(Deserialize)]
pub struct CheckInQuestion {
    site: Option<Degrees>,
    fix: Option<FixDocument>,
    #[serde(default, deserialize_with = "optional_moment")]
    at: Option<i64>,
    geofence_meters: i64,
    #[serde(default)]
    offline: bool,
    skip_reason: Option<String>,
}

impl CheckInQuestion {
    /// The outcome that the server will find too.
    pub fn answer(&self) -> Result<Judged, Vec<FieldError>> {
        let fix = self.fix.as_ref().map(|fix| Fix::read(fix, "fix")).transpose()?;
        Ok(judge(&Presence {
            site: self.site.map(|site| position_of(site, "site")).transpose()?,
            fix: fix.as_ref(),
            at: self.at,
            geofence_meters: self.geofence_meters,
            offline: self.offline,
            skip_reason: self.skip_reason.as_deref(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::from_degrees(latitude, longitude).unwrap()
    }

    fn fix(position: Position, accuracy: Option<i64>) -> Fix {
        Fix { position, accuracy, source: Source::Gps, fixed_at: NOW }
    }

    fn presence(fix: Option<&Fix>) -> Presence<'_> {
        let site = Some(at(31.2304, 121.4737));
        Presence { site, fix, at: Some(NOW), geofence_meters: 500, offline: false, skip_reason: None }
    }

    #[test]
    fn accuracy_counts_in_favor() {
        // 0.01 degrees north are 1112 m.
        let near = fix(at(31.2404, 121.4737), None);
        let judged = judge(&presence(Some(&near)));
        assert_eq!((judged.outcome, judged.distance_meters), (Outcome::Outside, Some(1112)));
        let vague = fix(near.position, Some(612));
        assert_eq!(judge(&presence(Some(&vague))).outcome, Outcome::Inside);
        assert_eq!(judge(&presence(Some(&fix(near.position, Some(611))))).outcome, Outcome::Outside);
    }

    #[test]
    fn what_cannot_be_judged_says_why() {
        let far = fix(at(30.0, 121.0), None);
        let outcome = |presence: Presence<'_>| judge(&presence).outcome;
        assert_eq!(outcome(Presence { site: None, ..presence(Some(&far)) }), Outcome::Offline);
        assert_eq!(outcome(presence(None)), Outcome::NoFix);
        assert_eq!(outcome(Presence { offline: true, ..presence(None) }), Outcome::Offline);
        assert_eq!(outcome(Presence { skip_reason: Some("地下室"), ..presence(None) }), Outcome::Skipped);
        assert_eq!(outcome(Presence { skip_reason: Some("门卫"), ..presence(Some(&far)) }), Outcome::Outside);
        let old = Fix { fixed_at: NOW - 3_600_000, ..fix(at(31.2304, 121.4737), None) };
        assert_eq!(outcome(presence(Some(&old))), Outcome::NoFix);
    }

    #[test]
    fn a_picked_point_proves_nothing() {
        let picked = Fix { source: Source::Picked, ..fix(at(31.2304, 121.4737), None) };
        let judged = |presence: Presence<'_>| {
            let judged = judge(&presence);
            (judged.outcome, judged.distance_meters, is_blocked(&judged, &presence))
        };
        let there = presence(Some(&picked));
        let why = Some("地下室");
        for (with, expected) in [
            (there, (Outcome::NoFix, None, true)),
            (Presence { offline: true, ..there }, (Outcome::Offline, None, false)),
            (Presence { skip_reason: why, ..there }, (Outcome::Skipped, None, false)),
            (Presence { site: None, ..there }, (Outcome::NoFix, None, true)),
        ] {
            assert_eq!(judged(with), expected);
            assert_eq!(judged(Presence { fix: None, ..with }), expected, "as without a fix");
        }
    }

    #[test]
    fn a_geofence_blocks_only_where_nobody_said_why() {
        let far = fix(at(30.0, 121.0), None);
        let blocked = |presence: Presence<'_>| is_blocked(&judge(&presence), &presence);
        assert!(blocked(presence(Some(&far))) && blocked(presence(None)));
        assert!(!blocked(Presence { skip_reason: Some("门卫"), ..presence(Some(&far)) }));
        assert!(!blocked(Presence { offline: true, ..presence(Some(&far)) }));
        assert!(!blocked(Presence { site: None, ..presence(Some(&far)) }));
    }

    #[test]
    fn clocks_are_put_right() {
        let good = timing(NOW - DAY, NOW - 3_000, NOW).unwrap();
        assert_eq!((good.clock_skew_ms, good.clock_suspect, good.counted_at), (-3_000, false, NOW - DAY));
        let hour = 3_600_000;
        let fast = timing(NOW + hour, NOW + hour, NOW).unwrap();
        assert_eq!((fast.clock_skew_ms, fast.clock_suspect, fast.counted_at), (hour, true, NOW));
        assert!(!timing(NOW, NOW + CLOCK_TOLERANCE, NOW).unwrap().clock_suspect);
        assert!(timing(NOW - OLDEST - 1, NOW, NOW).is_none());
        assert!(timing(NOW - OLDEST, NOW, NOW).is_some());
        assert!(timing(NOW + AHEAD + 1, NOW, NOW).is_none());
        assert!(timing(NOW, i64::MAX, -1).is_none() && timing(i64::MIN, 0, NOW).is_none());
    }

    #[test]
    fn a_check_out_follows_its_check_in() {
        assert!(may_follow(NOW, NOW) && may_follow(NOW, NOW - CLOCK_TOLERANCE));
        assert!(!may_follow(NOW, NOW - CLOCK_TOLERANCE - 1));
    }
}
