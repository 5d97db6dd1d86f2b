//! Exact money: whole numbers of 10^-13, so that a price of ten decimals can be divided by a block of 1,000 calls.

use crate::input::Mode;

const PLACES: u32 = 13;

pub fn read(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{fraction:0<13}").parse().unwrap();
    digits
}

/// No trailing zeros, no "-0".
pub fn show(amount: i128) -> String {
    let one = 10_i128.pow(PLACES);
    let (size, sign) = (amount.abs(), if amount < 0 { "-" } else { "" });
    let fraction = format!("{:013}", size % one);
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{fraction}", size / one)
}

pub fn show_or_null(amount: Option<i128>) -> serde_json::Value {
    amount.map(show).into()
}

/// The smallest amount with so many places.
pub fn unit(places: u32) -> i128 {
    10_i128.pow(PLACES - places)
}

/// An amount that is not negative, cut to so many places.
pub fn cut(amount: i128, places: u32, mode: Mode) -> i128 {
    let unit = unit(places);
    let rest = amount % unit;
    let down = amount - rest;
    match mode {
        Mode::Truncate => down,
        Mode::HalfUp if rest * 2 >= unit => down + unit,
        Mode::HalfUp => down,
    }
}

/// The amount shared by weight in whole units of `places`: first everyone's whole units, then one unit each by
/// largest remainder, the earlier first among equals.
pub fn split(amount: i128, weights: &[i128], places: u32) -> Vec<i128> {
    let units = amount / unit(places);
    let all: i128 = weights.iter().sum();
    if all == 0 {
        return vec![0; weights.len()];
    }
    let mut shares: Vec<i128> = weights.iter().map(|weight| units * weight / all).collect();
    let mut queue: Vec<usize> = (0..weights.len()).collect();
    queue.sort_by_key(|&i| std::cmp::Reverse(units * weights[i] % all));
    let missing = units - shares.iter().sum::<i128>();
    for &i in queue.iter().take(missing as usize) {
        shares[i] += 1;
    }
    shares.iter().map(|share| share * unit(places)).collect()
}
