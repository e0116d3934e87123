//! Properties of visits and mileage.

use paifang_core::call::call;
use paifang_core::position::Position;
use paifang_core::time::format_rfc3339;
use paifang_core::work_order::mileage::{Edit, Method, Stop, StopKind, day};
use paifang_core::work_order::visit::{CLOCK_TOLERANCE, Outcome, Presence, judge, timing};
use paifang_core::work_order::{Fix, Source};
use proptest::prelude::*;
use serde_json::json;

fn positions() -> impl Strategy<Value = Position> {
    (-90_000_000_i64..=90_000_000, -180_000_000_i64..=180_000_000)
        .prop_map(|(latitude, longitude)| Position::from_e6(latitude, longitude).unwrap())
}

/// Stops with names of their own, often at the same moment.
fn stops() -> impl Strategy<Value = Vec<Stop>> {
    let kind = prop_oneof![Just(StopKind::Start), Just(StopKind::Visit), Just(StopKind::Visit), Just(StopKind::End)];
    let stop = (kind, 0_i64..20, prop::option::of(positions()), prop::option::of(0_i64..10_000_000));
    proptest::collection::vec(stop, 0..12).prop_map(|stops| {
        let named = |(number, (kind, at, position, odometer_meters))| Stop {
            id: format!("stop-{number:02}"),
            kind,
            at,
            position,
            odometer_meters,
        };
        stops.into_iter().enumerate().map(named).collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_uploads_does_not_matter((stops, shuffled) in stops().prop_flat_map(|stops| {
        (Just(stops.clone()), Just(stops).prop_shuffle())
    }), detour in 1000_i64..3000) {
        prop_assert_eq!(day(stops, &[], detour), day(shuffled, &[], detour));
    }

    #[test]
    fn a_total_is_the_sum_of_its_legs(stops in stops(), said in proptest::collection::vec((0_usize..12, 0_i64..3_000_000), 0..6)) {
        let legs = day(stops.clone(), &[], 1300).legs;
        let edits: Vec<Edit> = said
            .iter()
            .filter_map(|(number, meters)| {
                let leg = legs.get(*number)?;
                Some(Edit {
                    from: leg.from.clone(),
                    to: leg.to.clone(),
                    method: Method::Manual,
                    meters: Some(*meters),
                    odometer_start_meters: None,
                    odometer_end_meters: None,
                })
            })
            .collect();
        let edited = day(stops, &edits, 1300);
        prop_assert_eq!(edited.total_meters, edited.legs.iter().filter_map(|leg| leg.meters).sum::<i64>());
        prop_assert_eq!(edited.complete, edited.legs.iter().all(|leg| !leg.needs_manual));
        for edit in &edits {
            let first = edits.iter().find(|other| other.from == edit.from && other.to == edit.to).unwrap();
            let leg = edited.legs.iter().find(|leg| leg.from == edit.from && leg.to == edit.to).unwrap();
            prop_assert_eq!(leg.meters, first.meters);
        }
    }

    #[test]
    fn a_round_trip_is_not_zero(home in positions(), site in positions(), detour in 1000_i64..3000) {
        let straight = home.distance_to(site);
        prop_assume!(straight > 0);
        let stop = |id: &str, kind, at, position| Stop {
            id: id.to_owned(), kind, at, position: Some(position), odometer_meters: None,
        };
        let stops = vec![
            stop("s", StopKind::Start, 0, home),
            stop("v", StopKind::Visit, 1, site),
            stop("e", StopKind::End, 2, home),
        ];
        let total = day(stops, &[], detour).total_meters;
        prop_assert!(total >= 2 * straight, "{total} for twice {straight}");
        prop_assert!(total <= 2 * (straight * detour / 1000 + 1));
    }

    #[test]
    fn more_accuracy_never_puts_somebody_inside(site in positions(), place in positions(), accuracy in 0_i64..6000, geofence in 20_i64..50_000) {
        let outcome = |accuracy| {
            let fix = Fix { position: place, accuracy, source: Source::Gps, fixed_at: 0 };
            let presence =
                Presence { site: Some(site), fix: Some(&fix), at: Some(0), geofence_meters: geofence, offline: false, skip_reason: None };
            judge(&presence)
        };
        let (exact, vague) = (outcome(None), outcome(Some(accuracy)));
        prop_assert_eq!(exact.outcome == Outcome::Inside, site.distance_to(place) <= geofence);
        if exact.outcome == Outcome::Inside && accuracy <= 5000 {
            prop_assert_eq!(vague.outcome, Outcome::Inside);
        }
        if let Some(meters) = vague.distance_meters {
            prop_assert_eq!(Some(meters), exact.distance_meters);
        }
    }

    #[test]
    fn a_fix_that_says_nothing_is_as_none(ages in proptest::collection::vec((0_i64..1200, 0_i64..10_000), 1..8)) {
        let start = 1_795_000_000_000_i64;
        let asked = |whole: bool| {
            let stop = |(number, (age, accuracy)): (i64, &(i64, i64))| {
                let at = start + number * 3_600_000;
                let mut stop = json!({ "id": format!("stop-{number}"), "kind": "visit", "at": format_rfc3339(at) });
                if whole || (*age <= 600 && *accuracy <= 5_000) {
                    stop["fix"] = json!({ "latitude": 31.2, "longitude": 121.4, "accuracy": accuracy, "source": "gps",
                        "fixed_at": format_rfc3339(at - age * 1000) });
                }
                stop
            };
            let stops: Vec<_> = (0..).zip(&ages).map(stop).collect();
            call("mileage_day", &json!({ "stops": stops, "detour_permille": 1300 }).to_string())
        };
        let (all, usable) = (asked(true), asked(false));
        prop_assert!(all.starts_with("{\"ok\""), "{all}");
        prop_assert_eq!(all, usable);
    }

    #[test]
    fn any_times_are_judged(at in any::<i64>(), sent_at in any::<i64>(), received_at in 0..=paifang_core::time::MAX) {
        if let Some(timing) = timing(at, sent_at, received_at) {
            prop_assert_eq!(timing.clock_suspect, timing.clock_skew_ms.abs() > CLOCK_TOLERANCE);
            prop_assert!((timing.counted_at - at == 0) || timing.clock_suspect);
        }
    }
}
