//! Civil time in the catalog's zone. An instant is the number of seconds that a wall clock in that zone
//! has counted since 1970-01-01 00:00:00; T1: no daylight saving, so wall clock and time run alike.

use chrono::{Datelike, Days, NaiveDate};

pub const DAY: i64 = 86_400;
pub const HOUR: i64 = 3_600;

/// The zone: seconds east of Greenwich.
#[derive(Clone, Copy)]
pub struct Clock {
    pub offset: i64,
}

/// "+08:00" in seconds.
pub fn offset(text: &str) -> i64 {
    let hours: i64 = text[1..3].parse().unwrap();
    let minutes: i64 = text[4..6].parse().unwrap();
    let size = hours * HOUR + minutes * 60;
    if text.starts_with('-') { -size } else { size }
}

impl Clock {
    /// "2023-03-20T10:30:00+08:00", in whatever zone it is written.
    pub fn read(&self, text: &str) -> i64 {
        let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
        let date: NaiveDate = text[..10].parse().unwrap();
        let written = midnight(date) + number(11, 13) * HOUR + number(14, 16) * 60 + number(17, 19);
        written - offset(&text[19..]) + self.offset
    }

    /// The same instant as the answer writes it: in the catalog's zone.
    pub fn show(&self, instant: i64) -> String {
        self.show_with(instant, self.offset)
    }

    /// The same instant as a clock elsewhere writes it.
    pub fn show_with(&self, instant: i64, offset: i64) -> String {
        let there = instant - self.offset + offset;
        let second = there.rem_euclid(DAY);
        let (sign, size) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        format!(
            "{}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            date(there).format("%Y-%m-%d"),
            second / HOUR,
            second % HOUR / 60,
            second % 60,
            size / HOUR,
            size % HOUR / 60
        )
    }
}

pub fn date(instant: i64) -> NaiveDate {
    let days = i32::try_from(instant.div_euclid(DAY)).unwrap();
    NaiveDate::from_epoch_days(days).unwrap()
}

pub fn midnight(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days()) * DAY
}

/// Months since year 0; January is 0.
pub fn month(instant: i64) -> i32 {
    let date = date(instant);
    date.year() * 12 + date.month0() as i32
}

pub fn month_start(month: i32) -> i64 {
    let date = NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1);
    midnight(date.unwrap())
}

/// "2026-01".
pub fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

pub fn read_month(text: &str) -> i32 {
    text[..4].parse::<i32>().unwrap() * 12 + text[5..7].parse::<i32>().unwrap() - 1
}

/// The start of the first month that begins at or after this instant.
pub fn month_start_from(instant: i64) -> i64 {
    let this = month_start(month(instant));
    if this == instant { this } else { month_start(month(instant) + 1) }
}

/// So many months later, on day `anchor` of that month, or on the month's last day where it has none.
pub fn add_months(from: NaiveDate, months: i32, anchor: u32) -> NaiveDate {
    let total = from.year() * 12 + from.month0() as i32 + months;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
    (1..=anchor).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day)).unwrap()
}

pub fn add_days(from: NaiveDate, days: i64) -> NaiveDate {
    from.checked_add_days(Days::new(days as u64)).unwrap()
}
