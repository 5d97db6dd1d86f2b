//! `compare`: these packages against pay-per-use alone, and the volumes at which they win.
//!
//! Volumes are searched from 0 to the largest that can be counted, or to the last that has a price: stretches are halved, the smaller
//! volumes first, until each is known to have no turn inside, or is a single step. So both ends of an interval are exact, and what is
//! said does not depend on the volume asked about. `race` prices a volume; what is charged in the two estimates is settled and
//! rounded as the catalog says.

use crate::answer::{Estimate, Note};
use crate::catalog::Severity;
use crate::error::{Code, PricingError, Result, fail};
use crate::estimate::answer;
use crate::money::Amount;
use crate::question::{Question, comparable};
use crate::race::{Point, Race, same_marks};
use crate::sort::sort_by_key;
use crate::value::Value;
use serde::Serialize;
use tsify::Tsify;

/// Work that looking for turns may take, in the unit of [`Race::work`], and volumes looked at, at least and at most.
const WORK_MAX: usize = 200_000;
const LOOKS: (usize, usize) = (300, 4_000);
/// Turns of the winner that are told.
const TURNS_MAX: usize = 128;
/// Regular points of the curve: over all of it, and up to twice the present volume.
const CURVE_PARTS: (u64, u64) = (48, 32);
/// Volumes are close where they differ by less than this part.
const CLOSE: u64 = 256;

/// These packages against pay-per-use alone.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// What the request costs.
    pub with_packages: Estimate,
    /// The same usage without the purchases of class kind "package". What they open stays open.
    pub pay_per_use: Estimate,
    /// Pay-per-use less packages; negative where packages cost more.
    pub saving: Amount,
    /// The saving as a share of pay-per-use, half-up to four decimals; 0 when pay-per-use is 0.
    pub saving_share: Amount,
    /// Requests of the whole usage.
    pub volume: u64,
    /// Volumes at which these packages are strictly cheaper, amounts before rounding; all there are up to `searchedUpTo`.
    pub packages_win: Vec<Interval>,
    /// The last volume about which anything is said: the next one has no published price, or was not looked at. Left out where what
    /// is said holds for every volume that can be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched_up_to: Option<u64>,
    /// Amounts before rounding, by volume: at regular volumes, at the present one, at both sides of each end of an interval, and at both
    /// sides of each volume where a cost leaps, falls or takes another direction. Between two points lies a straight line, but for floors.
    pub curve: Vec<CurvePoint>,
    /// What was decided or assumed.
    pub notes: Vec<Note>,
}

/// Volumes from the first to the last, both inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// The first volume inside.
    pub from: u64,
    /// The last volume inside; `null` where every larger one is inside, too.
    pub up_to: Option<u64>,
}

/// What a volume costs both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// Requests of the whole usage.
    pub calls: u64,
    /// With these packages.
    pub with_packages: Amount,
    /// By pay-per-use alone.
    pub pay_per_use: Amount,
}

/// Compares a request's packages with pay-per-use alone.
///
/// Fails as `estimate` does, with `no_pay_per_use` on a catalog that has none or where it is switched off, and with `no_published_price` where a price is missing.
pub fn compare(request: &Value) -> Result<Comparison> {
    let (question, request) = Question::read(request)?;
    if !question.catalog.pay_per_use {
        return fail(Code::NoPayPerUse, "catalog.payPerUse");
    }
    if !question.pay_per_use {
        return fail(Code::NoPayPerUse, "request.payPerUse");
    }
    comparable(&request.usage)?;
    let alone = question.without_packages();
    let (with_packages, pay_per_use) = (answer(&question, request.detail)?, answer(&alone, request.detail)?);
    let unpriced = with_packages.unpriced.first().or(pay_per_use.unpriced.first());
    if let Some(unpriced) = unpriced {
        return Err(PricingError::new(Code::NoPublishedPrice, unpriced.place.clone()));
    }
    let (Some(with), Some(without)) = (with_packages.total, pay_per_use.total) else { return fail(Code::NoPublishedPrice, "catalog") };
    let saving = without.minus(with)?;
    let mut search = Search::over(Race::new(&question, &alone))?;
    let (packages_win, curve) = (search.intervals(), search.curve()?);
    let mut notes = Vec::new();
    let told = [("curve_ends_at_last_price", "P4", search.unpriced), ("narrow_alternations_not_searched", "R1", search.open)];
    for (code, rule, _) in told.into_iter().filter(|note| note.2) {
        notes.push(Note { code: code.to_string(), rule: rule.to_string(), severity: Severity::Info, place: None });
    }
    Ok(Comparison {
        with_packages,
        pay_per_use,
        saving,
        saving_share: saving.share_of(without),
        volume: question.volume(),
        packages_win,
        searched_up_to: search.up_to,
        curve,
        notes,
    })
}

/// What was looked at.
struct Search {
    race: Race,
    /// Smaller volumes first. Between neighbours the same is cheaper as at both of them; where they differ, nothing is between them.
    points: Vec<Point>,
    /// The last volume about which anything is said, unless it is about all.
    up_to: Option<u64>,
    /// Whether that is where prices end.
    unpriced: bool,
    /// Whether it is where the winner turns too often, or might, to look at every turn.
    open: bool,
}

impl Search {
    fn over(race: Race) -> Result<Search> {
        let mut search = Search { race, points: Vec::new(), up_to: None, unpriced: false, open: false };
        if search.race.volume == 0 {
            return Ok(search);
        }
        // A volume whose cost cannot be written down cannot be asked about either.
        let mut last = search.race.at(search.race.largest)?;
        while last.is_none() && search.race.largest > search.race.volume {
            search.race.largest = (search.race.largest / 2).max(search.race.volume);
            last = search.race.at(search.race.largest)?;
        }
        search.points.extend(search.race.at(0)?);
        let mut ahead: Vec<Point> = last.into_iter().collect();
        let mut looks = (WORK_MAX / search.race.work()).clamp(LOOKS.0, LOOKS.1);
        let mut turns = 0;
        while let Some((a, b)) = search.points.last().zip(ahead.last()) {
            if search.race.settled(a, b) {
                search.unpriced = b.sums.is_none();
                turns += usize::from(a.wins() != b.wins());
                search.open = turns > TURNS_MAX;
                if search.unpriced || search.open {
                    break;
                }
                search.points.extend(ahead.pop());
            } else if looks == 0 {
                search.open = true;
                break;
            } else {
                looks -= 1;
                let middle = middle(a.volume, b.volume);
                ahead.extend(search.race.at(middle)?);
            }
        }
        if search.unpriced || search.open {
            search.up_to = search.points.last().map(|last| last.volume);
        }
        Ok(search)
    }

    fn intervals(&self) -> Vec<Interval> {
        let mut intervals: Vec<Interval> = Vec::new();
        let mut winning = false;
        for point in &self.points {
            match (point.wins(), winning, intervals.last_mut()) {
                (true, false, _) => intervals.push(Interval { from: point.volume, up_to: self.up_to }),
                (false, true, Some(open)) => open.up_to = Some(point.volume - 1),
                _ => {}
            }
            winning = point.wins();
        }
        intervals
    }

    fn curve(&mut self) -> Result<Vec<CurvePoint>> {
        if self.race.volume == 0 {
            return Ok(Vec::new());
        }
        let mut volumes = vec![self.race.volume];
        let mut bends: Vec<[u64; 2]> = Vec::new();
        for pair in self.points.windows(2) {
            let sides = [pair[0].volume, pair[1].volume];
            let leaps = pair[0].sums.zip(pair[1].sums).is_some_and(|(a, b)| b.0 < a.0 || b.1 < a.1);
            if pair[0].wins() != pair[1].wins() {
                volumes.extend(sides);
            } else if leaps || !same_marks(&pair[0], &pair[1]) {
                bends.push(sides);
            }
        }
        let size = self.race.volume.max(self.race.quota);
        let last_bend =
            bends.iter().flatten().chain(&volumes).chain(&self.up_to).copied().filter(|&bend| bend / 1_000 <= size).max().unwrap_or(0);
        let end = size.saturating_mul(10).max(last_bend + last_bend / 4).min(self.up_to.unwrap_or(self.race.largest));
        // Where floors make a cost go to and fro, the first and the last volume of it will do.
        let near = |a: &[u64; 2], b: &[u64; 2]| b[0] - a[1] < b[1] / CLOSE;
        let crowded = |at: usize| at > 0 && at + 1 < bends.len() && near(&bends[at - 1], &bends[at]) && near(&bends[at], &bends[at + 1]);
        volumes.extend((0..bends.len()).filter(|&at| !crowded(at)).flat_map(|at| bends[at]));
        for (upper, parts) in [(end, CURVE_PARTS.0), (self.race.volume.saturating_mul(2), CURVE_PARTS.1)] {
            volumes.extend((0..=parts).map(|part| (u128::from(upper) * u128::from(part) / u128::from(parts)) as u64));
        }
        volumes.extend(self.up_to);
        volumes.retain(|&volume| volume <= end);
        sort_by_key(&mut volumes, |&volume| volume);
        volumes.dedup();
        let mut curve = Vec::new();
        for calls in volumes {
            let known = self.points.binary_search_by(|point| point.volume.cmp(&calls)).ok().and_then(|at| self.points[at].sums);
            let sums = if known.is_some() { known } else { self.race.at(calls)?.and_then(|point| point.sums) };
            curve.extend(sums.map(|(with_packages, pay_per_use)| CurvePoint { calls, with_packages, pay_per_use }));
        }
        Ok(curve)
    }
}

/// Between two volumes: halfway, or, where they are of different size, of a size between theirs.
fn middle(a: u64, b: u64) -> u64 {
    let bits = |volume: u64| u64::BITS - volume.leading_zeros();
    if bits(a) + 2 < bits(b) { 1 << ((bits(a) + bits(b)) / 2 - 1) } else { a + (b - a) / 2 }
}
