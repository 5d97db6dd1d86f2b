//! Civil time in a catalog's zone: instants to the second, one kind of interval (start inside, end outside), hours, months,
//! and the only rule that adds years, months or days.

use crate::count::Count;
use crate::error::{Code, PricingError, Result, fail};
use crate::value::{Read, Value, read, reads, reads_word};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::Serialize;
use std::fmt;
use tsify::Tsify;

/// Seconds in an hour.
pub const HOUR: i64 = 3_600;
/// Seconds in a day.
pub const DAY: i64 = 24 * HOUR;
/// 2200-01-01T00:00:00Z; instants are read from 1970 up to here.
const LATEST: i64 = 7_258_118_400;

/// An instant, in whole seconds since 1970-01-01T00:00:00Z. Read as `2023-03-20T10:30:00+08:00`, offset required.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Tsify)]
#[tsify(type = "string")]
pub struct Instant(pub i64);

impl Instant {
    /// The instant in UTC: `2023-03-20T02:30:00Z`.
    pub fn utc(self) -> String {
        Zone(0).show(self).replace("+00:00", "Z")
    }

    /// An instant as an answer shows it, whatever its year.
    pub(crate) fn shown(text: &str) -> Result<Instant> {
        read_instant(text).map_err(|code| PricingError::new(code, ""))
    }
}

/// Start inside, end outside. There is no other kind of interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first second inside.
    pub start: Instant,
    /// The first second outside.
    pub end: Instant,
}

impl Period {
    /// All of time.
    pub const ALWAYS: Period = Period { start: Instant(i64::MIN), end: Instant(i64::MAX) };

    /// What both share; they do.
    pub fn within(self, other: Period) -> Period {
        Period { start: self.start.max(other.start), end: self.end.min(other.end) }
    }

    /// From the earlier start to the later end.
    pub fn hull(self, other: Period) -> Period {
        Period { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether the instant lies inside.
    pub fn contains(self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }
}

/// A calendar month: `2026-01`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Tsify)]
#[tsify(type = "string")]
pub struct Month(NaiveDate);

/// A calendar day: `2026-11-20`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Tsify)]
#[tsify(type = "string")]
pub struct Day(NaiveDate);

impl Day {
    /// The same day a year later, or 28 February where there is none.
    pub fn a_year_later(self) -> Day {
        Day(self.0 + Months::new(12))
    }
}

impl Month {
    /// The month after.
    pub fn next(self) -> Month {
        Month(self.0 + Months::new(1))
    }
}

/// A fixed distance from UTC: the zone of all wall-clock rules of a catalog. Read as `+08:00`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[tsify(type = "string")]
pub struct Zone(i32);

/// How long a package lasts. Years, months and days add up; at least one of them is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
pub struct Term {
    /// Whole years.
    #[tsify(optional)]
    pub years: Length,
    /// Whole months.
    #[tsify(optional)]
    pub months: Length,
    /// Whole days.
    #[tsify(optional)]
    pub days: Length,
    /// At which second the last day ends.
    #[tsify(optional)]
    pub ends: TermEnd,
}

reads!(Term { optional years "years", optional months "months", optional days "days", optional ends "ends" });

/// At which second a term ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum TermEnd {
    /// After 23:59:59 of the last day, which is the last second inside.
    #[default]
    DayEnd,
    /// At the second of the day at which it started, which is the first second outside.
    SameSecond,
}

reads_word!(TermEnd { "day-end" DayEnd, "same-second" SameSecond });

/// A number of years, months or days, up to 36,500.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[tsify(type = "number")]
pub struct Length(pub u32);

/// A day of the month, 1 to 31.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[tsify(type = "number")]
pub struct MonthDay(pub u32);

impl Read for MonthDay {
    fn take(&mut self, from: &Value) -> Result<()> {
        match read::<Count>(from)?.0 {
            day @ 1..=31 => self.0 = day as u32,
            _ => return fail(Code::InvalidValue, ""),
        }
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        r#"{"type":"integer","minimum":1,"maximum":31}"#.to_string()
    }
}

impl Read for Length {
    fn take(&mut self, from: &Value) -> Result<()> {
        match read::<Count>(from)?.0 {
            it @ 0..=36_500 => self.0 = it as u32,
            _ => return fail(Code::CountTooLarge, ""),
        }
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        r#"{"type":"integer","minimum":0,"maximum":36500}"#.to_string()
    }
}

impl Zone {
    /// The start of the hour that contains `at`.
    pub fn hour_start(self, at: Instant) -> Instant {
        Instant((at.0 + i64::from(self.0)).div_euclid(HOUR) * HOUR - i64::from(self.0))
    }

    /// The hour of the day at `at`, 0 to 23.
    pub fn hour(self, at: Instant) -> u64 {
        ((at.0 + i64::from(self.0)).rem_euclid(DAY) / HOUR) as u64
    }

    /// The latest start of this hour of the day (0 to 24) at or before `at`.
    pub fn hour_before(self, at: Instant, hour: u64) -> Instant {
        let since = (at.0 + i64::from(self.0) - hour as i64 * HOUR).rem_euclid(DAY);
        Instant(at.0 - since)
    }

    /// The month that contains `at`.
    pub fn month(self, at: Instant) -> Month {
        let date = self.local(at).date();
        Month(date.with_day(1).unwrap_or(date))
    }

    /// 00:00:00 on the 1st of the month.
    pub fn month_start(self, month: Month) -> Instant {
        self.instant(month.0.and_time(NaiveTime::MIN))
    }

    /// 00:00:00 on the 1st of the month, and 00:00:00 on the 1st of the month after.
    pub fn month_period(self, month: Month) -> Period {
        Period { start: self.month_start(month), end: self.month_start(month.next()) }
    }

    /// Whether `at` is 00:00:00.
    pub fn is_midnight(self, at: Instant) -> bool {
        (at.0 + i64::from(self.0)).rem_euclid(DAY) == 0
    }

    /// The day of the month at `at`.
    pub fn day_of_month(self, at: Instant) -> u32 {
        self.local(at).day()
    }

    /// The end (the first second outside) of a term that is counted from `last`: the second at which it starts, or the last second of the
    /// term before.
    ///
    /// The day `anchor` of the month so many years and months later, or the month's last day where it has no such day (29 February ends on
    /// 28 February), then so many days later.
    pub fn term_end(self, last: Instant, anchor: u32, term: Term) -> Result<Instant> {
        let last = self.local(last);
        // Days are counted on from the last one; only years and months have a day to come back to.
        let day = if term.days.0 == 0 { anchor } else { last.day() };
        self.ends_on(later(last.date(), day, term), last.time(), term)
    }

    /// The end of a term, moved to the next such day of a month, at or after the last day; in a month without it, to that month's last day.
    pub fn unified_end(self, end: Instant, day: u32, term: Term) -> Result<Instant> {
        let last = self.local(self.last_of(end, term));
        let in_month = |months| later(last.date(), day, Term { months: Length(months), ..Term::default() });
        let date = in_month(0).filter(|&date| date >= last.date()).or_else(|| in_month(1));
        self.ends_on(date, last.time(), term)
    }

    /// The last second of a term that ends with its day; the first one after a term that ends at a second.
    pub fn last_of(self, end: Instant, term: Term) -> Instant {
        Instant(end.0 - i64::from(term.ends == TermEnd::DayEnd))
    }

    fn ends_on(self, date: Option<NaiveDate>, second: NaiveTime, term: Term) -> Result<Instant> {
        let Some(date) = date.filter(|date| date.year() < 2200) else { return fail(Code::InvalidInstant, "request") };
        Ok(match term.ends {
            TermEnd::DayEnd => Instant(self.instant(date.and_time(NaiveTime::MIN)).0 + DAY),
            TermEnd::SameSecond => self.instant(date.and_time(second)),
        })
    }

    /// The instant as it stands in answers: `2023-03-20T10:30:00+08:00`.
    pub fn show(self, at: Instant) -> String {
        let local = self.local(at);
        let (date, time) = (local.date(), local.time());
        let (sign, offset) = if self.0 < 0 { ('-', -self.0) } else { ('+', self.0) };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            offset / 3_600,
            offset / 60 % 60
        )
    }

    fn local(self, at: Instant) -> NaiveDateTime {
        DateTime::from_timestamp(at.0 + i64::from(self.0), 0).unwrap_or_default().naive_utc()
    }

    fn instant(self, local: NaiveDateTime) -> Instant {
        Instant(local.and_utc().timestamp() - i64::from(self.0))
    }
}

/// Reads the instants of a call log: `2023-03-20T10:30:00.123+08:00` with `T` or a space, `-` or `/`, an offset or none; or seconds or
/// milliseconds since 1970. Remembers the last day, because logs are written day by day.
#[derive(Clone, Debug)]
pub struct LogClock {
    /// The zone of instants without an offset; they are refused where none is given.
    pub zone: Option<Zone>,
    day: [u8; 10],
    midnight: i64,
}

impl LogClock {
    /// A clock for instants without an offset in this zone.
    pub fn new(zone: Option<Zone>) -> Self {
        LogClock { zone, day: [0; 10], midnight: 0 }
    }

    /// The second that a text names.
    pub fn read(&mut self, text: &[u8]) -> std::result::Result<Instant, Code> {
        let text = text.trim_ascii();
        let Some((day, rest)) = text.split_first_chunk::<10>() else { return Err(Code::InvalidInstant) };
        if day.iter().chain(rest).all(u8::is_ascii_digit) {
            return epoch(text);
        }
        if self.day != *day {
            let day_text = std::str::from_utf8(day).map_err(|_| Code::InvalidInstant)?.replace('/', "-");
            let date = read_date(&day_text).filter(in_range).ok_or(Code::InvalidInstant)?;
            self.midnight = date.and_time(NaiveTime::MIN).and_utc().timestamp();
            self.day = *day;
        }
        let [b'T' | b't' | b' ', h0, h1, b':', m0, m1, b':', s0, s1, rest @ ..] = rest else { return Err(Code::InvalidInstant) };
        let two = |tens: u8, ones: u8, end: i64| {
            let number = i64::from(tens.wrapping_sub(b'0')) * 10 + i64::from(ones.wrapping_sub(b'0'));
            if tens.is_ascii_digit() && ones.is_ascii_digit() && number < end { Ok(number) } else { Err(Code::InvalidInstant) }
        };
        let local = self.midnight + two(*h0, *h1, 24)? * HOUR + two(*m0, *m1, 60)? * 60 + two(*s0, *s1, 60)?;
        let fraction = match rest {
            [b'.' | b',', digits @ ..] => 1 + digits.iter().take_while(|byte| byte.is_ascii_digit()).count(),
            _ => 0,
        };
        let east = match rest[fraction..].trim_ascii() {
            [] => i64::from(self.zone.ok_or(Code::InstantWithoutOffset)?.0),
            [b'Z' | b'z'] => 0,
            [sign @ (b'+' | b'-'), h0, h1, minutes @ ..] => {
                let minutes = match minutes {
                    [] => 0,
                    [b':', m0, m1] | [m0, m1] => two(*m0, *m1, 60)?,
                    _ => return Err(Code::InvalidInstant),
                };
                let east = two(*h0, *h1, 19)? * HOUR + minutes * 60;
                if *sign == b'-' { -east } else { east }
            }
            _ => return Err(Code::InvalidInstant),
        };
        if (0..LATEST).contains(&(local - east)) { Ok(Instant(local - east)) } else { Err(Code::InvalidInstant) }
    }
}

/// Seconds (ten digits) or milliseconds (thirteen) since 1970.
fn epoch(text: &[u8]) -> std::result::Result<Instant, Code> {
    let digits = match text.len() {
        10 | 13 => &text[..10],
        _ => return Err(Code::InvalidInstant),
    };
    let seconds = digits.iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    if (0..LATEST).contains(&seconds) { Ok(Instant(seconds)) } else { Err(Code::InvalidInstant) }
}

/// The same day of the month (`day`, or the month's last) so many years and months later, then so many days later.
fn later(from: NaiveDate, day: u32, term: Term) -> Option<NaiveDate> {
    let first = from.with_day(1)?.checked_add_months(Months::new(term.years.0 * 12 + term.months.0))?;
    let date = (1..=day).rev().find_map(|day| first.with_day(day))?;
    date.checked_add_days(Days::new(u64::from(term.days.0)))
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Reads a string by a function that answers with a value or a code.
macro_rules! read_text {
    ($type:ty, $pattern:literal, $read:expr) => {
        impl Read for $type {
            fn take(&mut self, from: &Value) -> Result<()> {
                let read: fn(&str) -> std::result::Result<$type, Code> = $read;
                *self = read(from.text()?).map_err(|code| PricingError::new(code, ""))?;
                Ok(())
            }

            #[cfg(not(target_arch = "wasm32"))]
            fn schema(&self) -> String {
                format!(r#"{{"type":"string","pattern":{:?}}}"#, $pattern)
            }
        }
    };
}

read_text!(Instant, r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$", |text| {
    read_instant(text).and_then(|at| if (0..LATEST).contains(&at.0) { Ok(at) } else { Err(Code::InvalidInstant) })
});

fn read_instant(text: &str) -> std::result::Result<Instant, Code> {
    let Some((date, rest)) = text.split_once('T') else { return Err(Code::InvalidInstant) };
    let (time, offset) = rest.split_at_checked(8).ok_or(Code::InvalidInstant)?;
    let time = numbers(time, ':', [2, 2, 2]).and_then(|[h, m, s]| NaiveTime::from_hms_opt(h, m, s));
    let local = read_date(date).zip(time).map(|(date, time)| date.and_time(time)).ok_or(Code::InvalidInstant)?;
    let offset = match offset {
        "" => return Err(Code::InstantWithoutOffset),
        "Z" => 0,
        _ => read_offset(offset).ok_or(Code::InvalidInstant)?,
    };
    Ok(Instant(local.and_utc().timestamp() - i64::from(offset)))
}

read_text!(Month, r"^\d{4}-\d{2}$", |text| {
    let date = numbers(text, '-', [4, 2]).and_then(|[y, m]| NaiveDate::from_ymd_opt(y as i32, m, 1));
    date.filter(in_range).map(Month).ok_or(Code::InvalidMonth)
});

read_text!(Day, r"^\d{4}-\d{2}-\d{2}$", |text| read_date(text).filter(in_range).map(Day).ok_or(Code::InvalidDay));

read_text!(Zone, r"^[+-]\d{2}:\d{2}$", |text| read_offset(text).map(Zone).ok_or(Code::InvalidOffset));

fn in_range(date: &NaiveDate) -> bool {
    (1970..2200).contains(&date.year())
}

fn read_date(text: &str) -> Option<NaiveDate> {
    let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
    NaiveDate::from_ymd_opt(year as i32, month, day)
}

/// Seconds east of UTC: `+08:00`, up to 18 hours either way.
fn read_offset(text: &str) -> Option<i32> {
    let (sign, text) = text.strip_prefix('+').map(|text| (1, text)).or_else(|| text.strip_prefix('-').map(|text| (-1, text)))?;
    let [hours, minutes] = numbers(text, ':', [2, 2])?;
    (hours <= 18 && minutes < 60).then_some(sign * (hours as i32 * 3_600 + minutes as i32 * 60))
}

/// Numbers of fixed width with a separator between them.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}
