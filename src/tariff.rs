//! What a quantity of calls costs: flat, graduated, volume, by the call or by the block.
//!
//! Owns the steps and their prices. Does not know whose calls they are or when they were made.
//! Always true: what a quantity costs is the sum of its slices, each one step's calls at one unit price.

use crate::count::Count;
use crate::error::Result;
use crate::money::Amount;
use crate::value::{reads, reads_word};
use serde::Serialize;
use tsify::Tsify;

/// How the steps of a ladder price a month's calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One price for every call.
    #[default]
    Flat,
    /// Each step's calls at the step's own price.
    Graduated,
    /// All calls at the price of the step that their total reaches.
    Volume,
}

reads_word!(Shape { "flat" Flat, "graduated" Graduated, "volume" Volume });

/// On which side of `upTo` the call that reaches it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
pub enum Bound {
    /// Call number `upTo` is the step's last.
    #[default]
    #[serde(rename = "upTo-included")]
    UpToIncluded,
    /// Call number `upTo` is the next step's first.
    #[serde(rename = "upTo-excluded")]
    UpToExcluded,
}

reads_word!(Bound { "upTo-included" UpToIncluded, "upTo-excluded" UpToExcluded });

/// What a last, incomplete block costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// Its part of the block's price.
    #[default]
    Prorated,
    /// The whole block's price, for each slice of a line.
    Whole,
}

reads_word!(Block { "prorated" Prorated, "whole" Whole });

/// Up to which call a price holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The step's upper end, in calls; `null` for the last step, which has none.
    pub up_to: Option<Count>,
    /// The price of `per` calls, in the catalog's currency; `null` where no price is published.
    pub unit_price: Option<Amount>,
}

reads!(Step { required up_to "upTo", required unit_price "unitPrice" });

/// The pricing part of a ladder row.
#[derive(Clone, Copy, Debug)]
pub struct Tariff<'a> {
    /// How the steps work together.
    pub shape: Shape,
    /// The steps, their ends rising, the last one open.
    pub steps: &'a [Step],
    /// On which side of a step's end the call that reaches it stands.
    pub bound: Bound,
    /// Calls a unit price buys: 1, 10, 100 or 1,000.
    pub per: u64,
    /// What a last, incomplete block costs.
    pub block: Block,
}

/// Calls at one unit price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Slice {
    /// The end of the step below, as the catalog states it; 0 for the first step.
    pub from: u64,
    /// The step's own end, as the catalog states it; `null` for none.
    pub up_to: Option<u64>,
    /// Calls in this slice.
    pub calls: u64,
    /// The price of `per` calls; `null` where none is published.
    pub unit_price: Option<Amount>,
    /// Exact; `null` where no price is published.
    pub amount: Option<Amount>,
    /// Calls a unit price buys, where it is not one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<u64>,
    /// Set where a person entered the price.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub entered: bool,
}

impl Tariff<'_> {
    /// The step in which the call after `already` others stands.
    pub fn step_after(&self, already: u64) -> usize {
        let mut step = 0;
        while self.last_call(step).is_some_and(|last| last <= already) {
            step += 1;
        }
        step
    }

    /// The step that a volume of `total` calls reaches.
    pub fn step_reached(&self, total: u64) -> usize {
        self.step_after(total.saturating_sub(1))
    }

    /// The number of the last call that still stands in a step; `None` for the open step.
    pub fn last_call(&self, step: usize) -> Option<u64> {
        let up_to = self.steps.get(step)?.up_to?.0;
        Some(match self.bound {
            Bound::UpToIncluded => up_to,
            Bound::UpToExcluded => up_to.saturating_sub(1),
        })
    }

    /// Calls of one step, priced.
    pub fn slice(&self, step: usize, calls: u64, entered: bool) -> Result<Slice> {
        let from = step.checked_sub(1).and_then(|before| self.steps[before].up_to).map_or(0, |up_to| up_to.0);
        let unit_price = self.steps[step].unit_price;
        let amount = match (unit_price, self.block) {
            (None, _) => None,
            (Some(price), Block::Prorated) => Some(price.times_per(calls, self.per)?),
            (Some(price), Block::Whole) => Some(price.times(calls.div_ceil(self.per))?),
        };
        let up_to = self.steps[step].up_to.map(|up_to| up_to.0);
        Ok(Slice { from, up_to, calls, unit_price, amount, per: (self.per > 1).then_some(self.per), entered })
    }
}
