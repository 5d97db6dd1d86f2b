//! Exact money. The only place that rounds, always by a rule that a catalog names.
//!
//! An [`Amount`] counts units of 10⁻¹³: unit prices have up to 10 decimals, and a price for a block of up to 1,000 calls
//! adds three. Sums and products are checked integers; `rust_decimal` reads, rounds and writes.

use crate::count::Count;
use crate::error::{Code, PricingError, Result, fail};
use crate::sort::sort_by;
use crate::value::{Read, Value, read, reads, reads_word};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use std::fmt;
use tsify::Tsify;

const DECIMALS: u32 = 13;
const ONE: i128 = 10_i128.pow(DECIMALS);

/// An exact amount of the catalog's currency. Reads `^(0|[1-9][0-9]{0,11})(\.[0-9]{1,10})?$`; writes no exponent, no plus,
/// no trailing zeros and no `-0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Tsify)]
#[tsify(type = "string")]
pub struct Amount(i128);

/// How a rule cuts an amount: the number of decimals kept, and what becomes of the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
pub struct Cut {
    /// Decimals kept, 0 to 10.
    pub places: Places,
    /// What becomes of the rest.
    pub mode: Mode,
}

reads!(Cut { required places "places", required mode "mode" });

/// What becomes of the decimals that a cut drops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// They are dropped.
    #[default]
    Truncate,
    /// Half a unit and more goes up.
    HalfUp,
}

reads_word!(Mode { "truncate" Truncate, "half-up" HalfUp });

/// A number of decimals, 0 to 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[tsify(type = "number")]
pub struct Places(u32);

impl Places {
    /// The smallest amount that is kept.
    pub fn unit(self) -> Amount {
        Amount(10_i128.pow(DECIMALS - self.0))
    }
}

impl Read for Places {
    fn take(&mut self, from: &Value) -> Result<()> {
        match read::<Count>(from)?.0 {
            places @ 0..=10 => self.0 = places as u32,
            _ => return fail(Code::InvalidValue, ""),
        }
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        r#"{"type":"integer","minimum":0,"maximum":10}"#.to_string()
    }
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);
    /// A hundredth.
    pub const CENT: Amount = Amount(ONE / 100);
    /// The largest amount that can be read.
    pub const READABLE_MAX: Amount = Amount(1_000_000_000_000 * ONE - 1_000);

    /// The sum, or `amount_too_large`.
    pub fn plus(self, other: Amount) -> Result<Amount> {
        self.0.checked_add(other.0).map_or_else(too_large, bounded)
    }

    /// The difference, or `amount_too_large`.
    pub fn minus(self, other: Amount) -> Result<Amount> {
        self.0.checked_sub(other.0).map_or_else(too_large, bounded)
    }

    /// This unit price for `calls` calls, or `amount_too_large`.
    pub fn times(self, calls: u64) -> Result<Amount> {
        self.0.checked_mul(i128::from(calls)).map_or_else(too_large, bounded)
    }

    /// This price of `per` calls for `calls` calls, prorated. Exact, because `per` is 1, 10, 100 or 1,000 and prices have at most 10 decimals.
    pub fn times_per(self, calls: u64, per: u64) -> Result<Amount> {
        self.0.checked_mul(i128::from(calls)).map_or_else(too_large, |product| bounded(product / i128::from(per)))
    }

    /// A whole number, or `amount_too_large`.
    pub fn whole(number: u64) -> Result<Amount> {
        Amount(ONE).times(number)
    }

    /// The least number of `step`s, which is above 0, that reach this amount.
    pub fn reached_by(self, step: Amount) -> u64 {
        u64::try_from(self.0 / step.0 + i128::from(self.0 % step.0 > 0)).unwrap_or(u64::MAX)
    }

    /// The amount cut by a rule.
    pub fn cut(self, rule: Cut) -> Amount {
        let strategy = match rule.mode {
            Mode::Truncate => RoundingStrategy::ToZero,
            Mode::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        };
        Amount::from_decimal(self.decimal().round_dp_with_strategy(rule.places.0, strategy)).unwrap_or(self)
    }

    /// This amount as a share of `whole`, half-up to four decimals; 0 when `whole` is 0.
    pub fn share_of(self, whole: Amount) -> Amount {
        if whole.0 == 0 {
            return Amount::ZERO;
        }
        let doubled = self.0.abs() * 20_000 + whole.0.abs();
        let four_places = doubled / (2 * whole.0.abs()) * (ONE / 10_000);
        Amount(four_places * self.0.signum() * whole.0.signum())
    }

    /// This price of `count` as the price of one, half-up to six decimals.
    pub fn each(self, count: u64) -> Amount {
        let unit = ONE / 1_000_000;
        let doubled = 2 * i128::from(count) * unit;
        Amount((2 * self.0 + i128::from(count) * unit) / doubled * unit)
    }

    /// What `some` of `whole` come to, the rest of the last decimal dropped; 0 when `whole` is 0. Parts of one amount, taken as
    /// differences from 0 upward, add up to it.
    pub fn part(self, some: u64, whole: u64) -> Amount {
        if whole == 0 { Amount::ZERO } else { Amount(wide_division(self.0, some.into(), whole.into()).0) }
    }

    /// Whether it is above a share of `whole`, both of them not negative; exact.
    pub(crate) fn exceeds(self, share: Amount, whole: Amount) -> bool {
        self.0 > wide_division(whole.0, share.0, ONE).0
    }

    /// A share of `whole`, half-up to ten decimals.
    pub(crate) fn share(share: Amount, whole: Amount) -> Amount {
        let (exact, _) = wide_division(whole.0, share.0, ONE);
        Amount(exact).cut(Cut { places: Places(10), mode: Mode::HalfUp })
    }

    /// The mean of so many that come to this together, half-up to two decimals.
    pub(crate) fn mean(self, count: u64) -> Amount {
        Amount(self.0 / i128::from(count.max(1))).cut(Cut { places: Places(2), mode: Mode::HalfUp })
    }

    /// `some` of `whole` as a share, half-up to four decimals.
    pub(crate) fn ratio(some: u64, whole: u64) -> Amount {
        Amount(((2 * i128::from(some) * 10_000 + i128::from(whole)) / (2 * i128::from(whole).max(1))) * (ONE / 10_000))
    }

    /// Splits this amount by weights into whole units of `places` decimals: largest remainder, ties to the earlier weight.
    /// All zero weights get nothing.
    pub fn split(self, weights: &[Amount], places: Places) -> Vec<Amount> {
        let unit = places.unit().0;
        let (units, whole) = (self.0 / unit, weights.iter().map(|weight| weight.0).sum::<i128>());
        if whole == 0 {
            return vec![Amount::ZERO; weights.len()];
        }
        let parts: Vec<(i128, i128)> = weights.iter().map(|weight| wide_division(units, weight.0, whole)).collect();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        sort_by(&mut order, |&a, &b| parts[b].1.cmp(&parts[a].1));
        let missing = units - parts.iter().map(|part| part.0).sum::<i128>();
        let mut split: Vec<Amount> = parts.iter().map(|part| Amount(part.0 * unit)).collect();
        for &i in order.iter().take(missing as usize) {
            split[i].0 += unit;
        }
        split
    }

    fn decimal(self) -> Decimal {
        // Every amount is made by `bounded` or `from_decimal`, so it fits.
        Decimal::try_from_i128_with_scale(self.0, DECIMALS).unwrap_or_default()
    }

    fn from_decimal(it: Decimal) -> Option<Amount> {
        let factor = 10_i128.checked_pow(DECIMALS.checked_sub(it.scale())?)?;
        it.mantissa().checked_mul(factor).map(Amount)
    }
}

/// Quotient and remainder of `units` × `weight` ÷ `whole`, all of them not negative, by long multiplication where the product is too wide.
fn wide_division(units: i128, weight: i128, whole: i128) -> (i128, i128) {
    if let Some(product) = units.checked_mul(weight) {
        return (product / whole, product % whole);
    }
    let (mut quotient, mut rest) = (0_i128, 0_i128);
    for bit in (0..127).rev() {
        quotient *= 2;
        rest *= 2;
        if units >> bit & 1 == 1 {
            rest += weight;
        }
        quotient += rest / whole;
        rest %= whole;
    }
    (quotient, rest)
}

/// 96 bits of mantissa: what `rust_decimal` can write.
fn bounded(it: i128) -> Result<Amount> {
    if it.unsigned_abs() < 1 << 96 { Ok(Amount(it)) } else { too_large() }
}

fn too_large() -> Result<Amount> {
    fail(Code::AmountTooLarge, "request")
}

/// The sum of amounts, of which none may be missing: one unknown makes the sum unknown.
pub fn sum(amounts: impl IntoIterator<Item = Option<Amount>>) -> Result<Option<Amount>> {
    let mut sum = Amount::ZERO;
    let mut known = true;
    for amount in amounts {
        match amount {
            Some(amount) => sum = sum.plus(amount)?,
            None => known = false,
        }
    }
    Ok(known.then_some(sum))
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.decimal().normalize())
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Read for Amount {
    fn take(&mut self, from: &Value) -> Result<()> {
        match from {
            Value::Number(_) => fail(Code::DecimalAsNumber, ""),
            _ => {
                let text = from.text()?;
                let amount = if is_decimal(text) { Decimal::from_str_exact(text).ok().and_then(Amount::from_decimal) } else { None };
                *self = amount.ok_or_else(|| PricingError::new(Code::InvalidDecimal, ""))?;
                Ok(())
            }
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        r#"{"type":"string","pattern":"^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,10})?$"}"#.to_string()
    }
}

/// `^(0|[1-9][0-9]{0,11})(\.[0-9]{1,10})?$`
fn is_decimal(it: &str) -> bool {
    let (whole, fraction) = it.split_once('.').map_or((it, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole, 12) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(|fraction| digits(fraction, 10))
}

/// A share between 0 and 1 with up to ten decimals, as it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[tsify(type = "string")]
pub struct Share(Amount);

impl Share {
    /// The share as an amount.
    pub(crate) fn amount(self) -> Amount {
        self.0
    }

    /// How many of the first `count` belong to this share: floor(count × share).
    pub fn of(self, count: u64) -> u64 {
        (i128::from(count) * self.0.0 / ONE) as u64
    }
}

impl Read for Share {
    fn take(&mut self, from: &Value) -> Result<()> {
        self.0.take(from)?;
        if self.0.0 > ONE { fail(Code::ShareAboveOne, "") } else { Ok(()) }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        self.0.schema()
    }
}
