use super::*;

const NOBODY: Party = Party { dispatcher: false, engineer: false, own_engineer: false, customer: false };
const DISPATCHER: Party = Party { dispatcher: true, ..NOBODY };
const ENGINEER: Party = Party { engineer: true, ..NOBODY };
const OWN: Party = Party { engineer: true, own_engineer: true, ..NOBODY };
const CUSTOMER: Party = Party { customer: true, ..NOBODY };

fn names(state: State, party: Party) -> Vec<&'static str> {
    offers(state, party).into_iter().map(|offer| offer.made.as_str()).collect()
}

#[test]
fn an_order_lives_from_the_report_to_the_file() {
    let life = [
        (Move::Accept, DISPATCHER),
        (Move::Take, ENGINEER),
        (Move::SetOut, OWN),
        (Move::Arrive, OWN),
        (Move::Pause, OWN),
        (Move::Resume, OWN),
        (Move::Arrive, OWN),
        (Move::Finish, OWN),
        (Move::Reopen, CUSTOMER),
        (Move::Assign, DISPATCHER),
        (Move::Arrive, OWN),
        (Move::Finish, OWN),
        (Move::Confirm, CUSTOMER),
        (Move::Close, DISPATCHER),
    ];
    let mut state = Submitted;
    for (made, party) in life {
        state = decide(state, party, made).unwrap_or_else(|refusal| panic!("{made:?} from {state:?}: {refusal:?}"));
    }
    assert_eq!(state, Closed);
}

#[test]
fn everybody_is_offered_their_own() {
    assert_eq!(names(Submitted, CUSTOMER), ["cancel"]);
    assert_eq!(names(Submitted, ENGINEER), ["take"]);
    assert_eq!(names(Submitted, DISPATCHER), ["accept", "assign", "cancel"]);
    assert_eq!(names(OnSite, OWN), ["finish", "pause"]);
    assert_eq!(names(OnSite, CUSTOMER), [""; 0]);
    assert_eq!(names(Done, CUSTOMER), ["confirm", "reopen"]);
    assert_eq!(names(Canceled, DISPATCHER), ["reopen"]);
    for state in State::ALL {
        assert_eq!(offers(state, NOBODY), []);
        assert!(offers(state, DISPATCHER).iter().all(|offer| offer.made != Move::Confirm), "{state:?}");
    }
}

#[test]
fn a_refusal_says_why() {
    assert_eq!(decide(Assigned, ENGINEER, Move::Take), Err(Refusal::Taken));
    assert_eq!(decide(Assigned, OWN, Move::Take), Err(Refusal::NotFromThisState));
    assert_eq!(decide(Closed, ENGINEER, Move::Take), Err(Refusal::NotFromThisState));
    assert_eq!(decide(OnTheWay, ENGINEER, Move::Arrive), Err(Refusal::NotYours));
    assert_eq!(decide(Submitted, OWN, Move::Finish), Err(Refusal::NotFromThisState));
    assert_eq!(decide(Submitted, CUSTOMER, Move::Accept), Err(Refusal::NoRight));
    assert_eq!(decide(OnSite, CUSTOMER, Move::Cancel), Err(Refusal::NotFromThisState));
    assert_eq!(decide(Done, DISPATCHER, Move::Confirm), Err(Refusal::NoRight));
}

#[test]
fn whatever_is_offered_is_allowed_and_nothing_else() {
    let parties = (0..16).map(|bits| Party {
        dispatcher: bits & 1 > 0,
        engineer: bits & 2 > 0,
        own_engineer: bits & 4 > 0,
        customer: bits & 8 > 0,
    });
    for party in parties {
        for state in State::ALL {
            for (made, ..) in RULES {
                let offer = offers(state, party).into_iter().find(|offer| offer.made == *made);
                assert_eq!(decide(state, party, *made).ok(), offer.map(|offer| offer.to));
            }
        }
    }
}

#[test]
fn fields_are_checked_against_the_move() {
    let codes = |made, fields: &Fields| -> Vec<_> {
        check_fields(made, fields).into_iter().map(|error| format!("{} {}", error.field, error.code)).collect()
    };
    assert_eq!(codes(Move::Pause, &Fields::default()), ["reason required"]);
    let reason = |reason: &str| Fields { reason: Some(reason.to_owned()), ..Fields::default() };
    assert_eq!(codes(Move::Pause, &reason("等配件")), [""; 0]);
    assert_eq!(codes(Move::Pause, &reason(&"长".repeat(501))), ["reason length"]);
    assert_eq!(codes(Move::Accept, &reason("why not")), ["reason unknown"]);
    let rating = |rating| Fields { rating: Some(rating), ..Fields::default() };
    assert_eq!(codes(Move::Confirm, &rating(6)), ["rating range"]);
    assert_eq!(codes(Move::Confirm, &rating(5)), [""; 0]);
}
