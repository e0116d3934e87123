//! Custom rules of a check-in list: a subset of JsonLogic with the variables that pretix has, as
//! `{"and": [{"<": [{"var": "entries_today"}, 2]}, {"isAfter": [{"var": "now"}, {"buildTime": ["customtime", "18:00"]}]}]}`.

use super::verdict::{Direction, Past};
use crate::time::{self, OffsetChange};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const MAX_DEPTH: usize = 8;

/// A rule that was read and can be evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Rule {
    source: Value,
    node: Node,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Compare { operator: Operator, left: Number, right: i64 },
    In { subject: Subject, values: Vec<String> },
    Time { after: bool, moment: Moment, tolerance: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject {
    Product,
    Gate,
    EntryStatus,
}

#[derive(Clone, Debug, PartialEq)]
enum Number {
    Weekday,
    Entries,
    EntriesToday,
    EntryDays,
    MinutesSinceFirst,
    MinutesSinceLast,
    EntriesSince(Moment),
    EntriesBefore(Moment),
    DaysSince(Moment),
    DaysBefore(Moment),
}

#[derive(Clone, Debug, PartialEq)]
enum Moment {
    Fixed(i64),
    TimeOfDay(i64),
    EventStart,
    EventEnd,
}

/// What rules look at.
pub struct RuleContext<'a> {
    /// When the scan happened (UTC epoch milliseconds).
    pub at: i64,
    /// Offset changes of the event's zone.
    pub offsets: &'a [OffsetChange],
    /// Start and end of the event (UTC epoch milliseconds).
    pub event: (i64, i64),
    /// The ticket's product id.
    pub product_id: &'a str,
    /// The gate of the scan.
    pub gate: Option<&'a str>,
    /// Check-ins of this ticket on this list, oldest first.
    pub history: &'a [Past],
}

/// What a failed rule was about, ordered by how little the guest can change it: that is what is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The time of the scan.
    Time,
    /// Earlier entries.
    Entries,
    /// The gate.
    Gate,
    /// The product.
    Product,
}

impl Rule {
    /// Whether the rule lets the scan pass, or what it failed for.
    pub fn evaluate(&self, context: &RuleContext<'_>) -> Result<(), Cause> {
        self.node.evaluate(context)
    }
}

impl TryFrom<Value> for Rule {
    type Error = String;

    fn try_from(source: Value) -> Result<Self, String> {
        let node = parse_node(&source, 0)?;
        Ok(Self { source, node })
    }
}

impl From<Rule> for Value {
    fn from(rule: Rule) -> Self {
        rule.source
    }
}

impl Node {
    fn evaluate(&self, context: &RuleContext<'_>) -> Result<(), Cause> {
        let (holds, cause) = match self {
            Self::All(nodes) => {
                let worst = nodes.iter().filter_map(|node| node.evaluate(context).err()).max();
                return worst.map_or(Ok(()), Err);
            }
            Self::Any(nodes) => {
                let results: Vec<_> = nodes.iter().map(|node| node.evaluate(context)).collect();
                if results.iter().any(Result::is_ok) {
                    return Ok(());
                }
                let least = results.into_iter().filter_map(Result::err).min();
                return least.map_or(Ok(()), Err);
            }
            Self::Compare { operator, left, right } => {
                let cause = if *left == Number::Weekday { Cause::Time } else { Cause::Entries };
                (operator.holds(left.value(context), *right), cause)
            }
            Self::In { subject, values } => {
                let (value, cause) = match subject {
                    Subject::Product => (context.product_id, Cause::Product),
                    Subject::Gate => (context.gate.unwrap_or_default(), Cause::Gate),
                    Subject::EntryStatus => (entry_status(context.history), Cause::Entries),
                };
                (values.iter().any(|known| known == value), cause)
            }
            Self::Time { after, moment, tolerance } => {
                let moment = moment.resolve(context);
                let holds = if *after { context.at >= moment - tolerance } else { context.at < moment + tolerance };
                (holds, Cause::Time)
            }
        };
        if holds { Ok(()) } else { Err(cause) }
    }
}

impl Operator {
    fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

impl Number {
    fn value(&self, context: &RuleContext<'_>) -> i64 {
        let entries = || context.history.iter().filter(|past| past.direction == Direction::Entry).map(|past| past.at);
        let count = |entries: &mut dyn Iterator<Item = i64>| entries.count() as i64;
        let days = |entries: &mut dyn Iterator<Item = i64>| {
            let mut days: Vec<_> = entries.map(|at| time::local_day(context.offsets, at)).collect();
            days.sort_unstable();
            days.dedup();
            days.len() as i64
        };
        let minutes_since = |at: Option<i64>| at.map_or(-1, |at| (context.at - at).div_euclid(time::MINUTE));
        let today = time::local_day(context.offsets, context.at);
        match self {
            Self::Weekday => time::local_weekday(context.offsets, context.at),
            Self::Entries => count(&mut entries()),
            Self::EntriesToday => count(&mut entries().filter(|at| time::local_day(context.offsets, *at) == today)),
            Self::EntryDays => days(&mut entries()),
            Self::MinutesSinceFirst => minutes_since(entries().min()),
            Self::MinutesSinceLast => minutes_since(entries().max()),
            Self::EntriesSince(moment) => count(&mut entries().filter(|at| *at >= moment.resolve(context))),
            Self::EntriesBefore(moment) => count(&mut entries().filter(|at| *at < moment.resolve(context))),
            Self::DaysSince(moment) => days(&mut entries().filter(|at| *at >= moment.resolve(context))),
            Self::DaysBefore(moment) => days(&mut entries().filter(|at| *at < moment.resolve(context))),
        }
    }
}

impl Moment {
    fn resolve(&self, context: &RuleContext<'_>) -> i64 {
        match self {
            Self::Fixed(at) => *at,
            Self::TimeOfDay(minutes) => time::local_time_of_day(context.offsets, context.at, *minutes),
            Self::EventStart => context.event.0,
            Self::EventEnd => context.event.1,
        }
    }
}

fn entry_status(history: &[Past]) -> &'static str {
    match history.last() {
        Some(last) if last.direction == Direction::Entry => "present",
        _ => "absent",
    }
}

fn parse_node(value: &Value, depth: usize) -> Result<Node, String> {
    let (operator, arguments) = operation(value)?;
    if depth > MAX_DEPTH {
        return Err(format!("rules may be nested {MAX_DEPTH} deep"));
    }
    let nodes = || arguments.iter().map(|argument| parse_node(argument, depth + 1)).collect::<Result<Vec<_>, _>>();
    match (operator, arguments) {
        ("and", [_, ..]) => Ok(Node::All(nodes()?)),
        ("or", [_, ..]) => Ok(Node::Any(nodes()?)),
        ("inList", [subject, Value::Array(values)]) => {
            let values = values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            Ok(Node::In { subject: parse_subject(subject)?, values: values.ok_or("inList takes a list of texts")? })
        }
        ("isAfter" | "isBefore", [subject, moment, tolerance @ ..]) if tolerance.len() <= 1 => {
            if variable(subject) != Some("now") {
                return Err(format!("{operator} compares {{\"var\": \"now\"}}"));
            }
            let minutes = tolerance.first().map_or(Some(0), Value::as_i64).filter(|m| (0..=1_000_000).contains(m));
            let tolerance = minutes.ok_or("a tolerance is a number of minutes")? * time::MINUTE;
            Ok(Node::Time { after: operator == "isAfter", moment: parse_moment(moment)?, tolerance })
        }
        (_, [left, right]) => {
            let operator = match operator {
                "==" => Operator::Equal,
                "!=" => Operator::NotEqual,
                "<" => Operator::Less,
                "<=" => Operator::LessOrEqual,
                ">" => Operator::Greater,
                ">=" => Operator::GreaterOrEqual,
                unknown => return Err(format!("unknown operator {unknown:?}")),
            };
            if let (Ok(subject), Some(text), Operator::Equal) = (parse_subject(left), right.as_str(), operator) {
                return Ok(Node::In { subject, values: vec![text.to_owned()] });
            }
            let right = right.as_i64().ok_or("the right side of a comparison is a whole number")?;
            Ok(Node::Compare { operator, left: parse_number(left)?, right })
        }
        (operator, _) => Err(format!("{operator:?} is unknown or has the wrong number of arguments")),
    }
}

fn operation(value: &Value) -> Result<(&str, &[Value]), String> {
    let mut entries = value.as_object().ok_or("a rule is an object with one operator")?.iter();
    match (entries.next(), entries.next()) {
        (Some((operator, Value::Array(arguments))), None) => Ok((operator, arguments)),
        _ => Err("a rule is an object with one operator and a list of arguments".to_owned()),
    }
}

fn variable(value: &Value) -> Option<&str> {
    value.as_object().filter(|object| object.len() == 1)?.get("var")?.as_str()
}

fn parse_subject(value: &Value) -> Result<Subject, String> {
    match variable(value) {
        Some("product") => Ok(Subject::Product),
        Some("gate") => Ok(Subject::Gate),
        Some("entry_status") => Ok(Subject::EntryStatus),
        _ => Err("inList looks at product, gate or entry_status".to_owned()),
    }
}

fn parse_number(value: &Value) -> Result<Number, String> {
    match variable(value) {
        Some("now_isoweekday") => return Ok(Number::Weekday),
        Some("entries_number") => return Ok(Number::Entries),
        Some("entries_today") => return Ok(Number::EntriesToday),
        Some("entries_days") => return Ok(Number::EntryDays),
        Some("minutes_since_first_entry") => return Ok(Number::MinutesSinceFirst),
        Some("minutes_since_last_entry") => return Ok(Number::MinutesSinceLast),
        Some(unknown) => return Err(format!("unknown variable {unknown:?}")),
        None => {}
    }
    let (name, arguments) = operation(value)?;
    let [moment] = arguments else { return Err(format!("{name:?} takes one moment")) };
    let moment = parse_moment(moment)?;
    match name {
        "entries_since" => Ok(Number::EntriesSince(moment)),
        "entries_before" => Ok(Number::EntriesBefore(moment)),
        "entries_days_since" => Ok(Number::DaysSince(moment)),
        "entries_days_before" => Ok(Number::DaysBefore(moment)),
        unknown => Err(format!("unknown operator {unknown:?}")),
    }
}

fn parse_moment(value: &Value) -> Result<Moment, String> {
    let ("buildTime", arguments) = operation(value)? else { return Err("a moment is built by buildTime".to_owned()) };
    let words: Vec<_> = arguments.iter().map(|argument| argument.as_str().unwrap_or_default()).collect();
    match words.as_slice() {
        ["date_from"] => Ok(Moment::EventStart),
        ["date_to"] => Ok(Moment::EventEnd),
        ["custom", at] => time::parse_rfc3339(at).map(Moment::Fixed).ok_or("custom takes an RFC 3339 date-time".into()),
        ["customtime", clock] => {
            let (hours, minutes) = clock.split_once(':').ok_or("customtime takes HH:MM")?;
            let minutes = match (hours.parse::<i64>(), minutes.parse::<i64>()) {
                (Ok(hours @ 0..24), Ok(minutes @ 0..60)) => hours * 60 + minutes,
                _ => return Err("customtime takes HH:MM".to_owned()),
            };
            Ok(Moment::TimeOfDay(minutes))
        }
        _ => Err("buildTime takes date_from, date_to, custom or customtime".to_owned()),
    }
}
