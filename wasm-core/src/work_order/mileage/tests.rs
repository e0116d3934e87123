use super::*;

const NOW: i64 = 1_800_000_000_000;

fn stop(id: &str, kind: StopKind, minutes: i64, position: Option<(f64, f64)>) -> Stop {
    let position = position.and_then(|(latitude, longitude)| Position::from_degrees(latitude, longitude));
    Stop { id: id.to_owned(), kind, at: NOW + minutes * 60_000, position, odometer_meters: None }
}

/// From home to a site 1112 m north, to one 1112 m further, and back.
fn stops() -> Vec<Stop> {
    vec![
        stop("s", StopKind::Start, 0, Some((31.0, 121.0))),
        stop("a", StopKind::Visit, 60, Some((31.01, 121.0))),
        stop("b", StopKind::Visit, 120, Some((31.02, 121.0))),
        stop("e", StopKind::End, 180, Some((31.0, 121.0))),
    ]
}

fn edit(from: &str, to: &str, method: Method) -> Edit {
    let (from, to) = (from.to_owned(), to.to_owned());
    Edit { from, to, method, meters: None, odometer_start_meters: None, odometer_end_meters: None }
}

fn meters(day: &Day) -> Vec<Option<i64>> {
    day.legs.iter().map(|leg| leg.meters).collect()
}

#[test]
fn a_round_trip_is_the_sum_of_its_legs() {
    let day = day(stops(), &[], 1300);
    assert_eq!(meters(&day), [Some(1446), Some(1446), Some(2891)]);
    assert_eq!((day.total_meters, day.complete), (5783, true));
    assert_eq!(day.legs[0].straight_meters, Some(1112));
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let mut late = stops();
    late.reverse();
    late.swap(0, 2);
    assert_eq!(day(late, &[], 1300), day(stops(), &[], 1300));
    let mut same_moment = stops();
    for stop in &mut same_moment {
        stop.at = NOW;
    }
    let ordered = day(same_moment.clone(), &[], 1300);
    same_moment.reverse();
    assert_eq!(day(same_moment, &[], 1300), ordered);
    assert_eq!((ordered.legs[0].from.as_str(), ordered.legs[2].to.as_str()), ("s", "e"));
}

#[test]
fn a_stop_without_a_fix_needs_somebody_to_say() {
    let mut stops = stops();
    stops[1].position = None;
    let day_without = day(stops.clone(), &[], 1300);
    assert_eq!(meters(&day_without), [None, None, Some(2891)]);
    assert!(!day_without.complete && day_without.legs[0].needs_manual);
    let said = [
        Edit { meters: Some(2000), ..edit("s", "a", Method::Manual) },
        Edit {
            odometer_start_meters: Some(10_000),
            odometer_end_meters: Some(12_500),
            ..edit("a", "b", Method::Odometer)
        },
    ];
    let day = day(stops, &said, 1300);
    assert_eq!((day.total_meters, day.complete), (2000 + 2500 + 2891, true));
}

#[test]
fn an_edit_of_a_leg_that_is_no_more_does_not_count() {
    let said = [Edit { meters: Some(9999), ..edit("s", "b", Method::Manual) }];
    assert_eq!(day(stops(), &said, 1300).total_meters, 5783);
}

#[test]
fn odd_figures_are_flagged() {
    let flag = |meters: i64| {
        let said = [Edit { meters: Some(meters), ..edit("b", "e", Method::Manual) }];
        day(stops(), &said, 1300).legs[2].suspicion
    };
    assert_eq!(flag(2224 * 3 + 2000), None);
    assert_eq!(flag(2224 * 3 + 2001), Some(Suspicion::TooLong));
    assert_eq!(flag(224), None);
    assert_eq!(flag(223), Some(Suspicion::TooShort));
    let backwards =
        Edit { odometer_start_meters: Some(5), odometer_end_meters: Some(4), ..edit("b", "e", Method::Odometer) };
    let errors = backwards.check().unwrap_err();
    assert_eq!((errors[0].field.as_str(), errors[0].code.as_str()), ("odometer_end_meters", "range"));
    let day = day(stops(), &[backwards], 1300);
    assert_eq!((day.legs[2].meters, day.legs[2].suspicion), (None, Some(Suspicion::OdometerBackwards)));
}

#[test]
fn an_edit_needs_the_figures_of_its_method() {
    let fields = |edit: &Edit| edit.check().err().unwrap_or_default().into_iter().map(|e| e.field).collect::<Vec<_>>();
    assert_eq!(fields(&edit("s", "a", Method::Manual)), ["meters"]);
    assert_eq!(fields(&edit("s", "a", Method::Odometer)), ["odometer_start_meters", "odometer_end_meters"]);
    assert_eq!(fields(&Edit { meters: Some(-1), ..edit("s", "a", Method::Manual) }), ["meters"]);
    assert!(fields(&edit("s", "a", Method::GreatCircle)).is_empty());
    let huge = Edit {
        odometer_start_meters: Some(i64::MIN),
        odometer_end_meters: Some(i64::MAX),
        ..edit("s", "a", Method::Odometer)
    };
    assert_eq!(fields(&huge).len(), 2);
}

#[test]
fn the_way_from_an_end_to_the_next_start_is_private() {
    let mut stops = stops();
    stops.insert(2, stop("e1", StopKind::End, 70, Some((31.5, 121.0))));
    stops.insert(3, stop("s2", StopKind::Start, 80, Some((32.0, 121.0))));
    let legs: Vec<_> = day(stops, &[], 1000).legs.into_iter().map(|leg| (leg.from, leg.to)).collect();
    let expected = [("s", "a"), ("a", "e1"), ("s2", "b"), ("b", "e")];
    assert_eq!(legs, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

#[test]
fn the_odometer_of_the_day_is_compared_with_its_legs() {
    let with = |start: i64, end: i64| {
        let mut stops = stops();
        stops[0].odometer_meters = Some(start);
        stops[3].odometer_meters = Some(end);
        let day = day(stops, &[], 1300);
        (day.odometer_meters, day.odometer_suspicion)
    };
    assert_eq!(with(100_000, 106_000), (Some(6_000), None));
    assert_eq!(with(100_000, 200_000), (Some(100_000), Some(Suspicion::TooLong)));
    assert_eq!(with(100_000, 100_000), (Some(0), Some(Suspicion::TooShort)));
    assert_eq!(with(100_000, 99_999), (None, Some(Suspicion::OdometerBackwards)));
    assert_eq!(day(stops(), &[], 1300).odometer_meters, None);
}

#[test]
fn the_odometer_leaves_the_private_way_out() {
    // 6 km of work, 60 km of one's own, and 6 km of work; the straight lines are 2 x 5560 m.
    let stops = |readings: [Option<i64>; 4]| {
        let mut stops = vec![
            stop("s1", StopKind::Start, 0, Some((31.0, 121.0))),
            stop("e1", StopKind::End, 60, Some((31.05, 121.0))),
            stop("s2", StopKind::Start, 120, Some((31.5, 121.0))),
            stop("e2", StopKind::End, 180, Some((31.55, 121.0))),
        ];
        for (stop, reading) in stops.iter_mut().zip(readings) {
            stop.odometer_meters = reading;
        }
        stops
    };
    let of = |readings| {
        let day = day(stops(readings), &[], 1300);
        (day.odometer_meters, day.odometer_suspicion)
    };
    let at = |kilometers: i64| Some(kilometers * 1000);
    assert_eq!(of([at(100), at(106), at(166), at(172)]), (Some(12_000), None));
    assert_eq!(of([at(100), at(106), at(166), at(272)]), (Some(112_000), Some(Suspicion::TooLong)));
    assert_eq!(of([at(100), at(106), at(166), at(165)]), (None, Some(Suspicion::OdometerBackwards)));
    assert_eq!(of([at(100), at(106), at(166), None]), (Some(6_000), None), "a reading alone says nothing");
    assert_eq!(of([at(100), None, None, at(172)]), (None, None), "nor do two with a private way between them");
}

#[test]
fn a_month_says_what_is_approved() {
    let day = |approved, total_meters, complete| DayTotal { approved, total_meters, complete, has_legs: true };
    let days = [day(true, 5783, true), day(false, 1000, true), day(true, 17, true)];
    let sums = statement(days.iter());
    assert_eq!((sums.total_meters, sums.approved_meters, sums.days_open, sums.complete), (6800, 5800, 1, true));
    assert!(!statement([day(false, 0, false)].iter()).complete);
    let single_stop = DayTotal { has_legs: false, ..day(false, 0, true) };
    assert_eq!(statement([single_stop].iter()).days_open, 0, "nobody can approve it");
    assert_eq!(statement([].iter()), Statement { complete: true, ..Statement::default() });
}
