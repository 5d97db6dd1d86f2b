//! `qps`: how many queries per second a volume needs, and what those beyond the included ones cost (Q1).

use crate::answer::Note;
use crate::catalog::{Catalog, Qps, QpsPer};
use crate::count::Count;
use crate::error::{Code, Result, fail};
use crate::lint::{sound, sound_qps};
use crate::money::Amount;
use crate::purchase::known;
use crate::tariff::{Block, Bound, Shape, Tariff};
use crate::value::{Table, Value, read, reads};
use serde::Serialize;
use tsify::Tsify;

/// What `qps` is asked: a month's calls with their peak, or calls at the same time with their response time.
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct QpsRequest {
    /// The prices and rules.
    #[tsify(type = "Catalog")]
    pub catalog: Value,
    /// Chosen readings by profile id.
    #[tsify(optional, type = "Record<string, string>")]
    pub profile: Table<String>,
    /// The API called.
    pub api: String,
    /// Calls in a month.
    #[tsify(optional)]
    pub calls_per_month: Option<Count>,
    /// Calls at the same time; in place of calls in a month.
    #[tsify(optional)]
    pub concurrent: Option<Count>,
    /// How many times the average second the busiest one has. Default 1.
    #[tsify(optional)]
    pub peak_factor: Option<Amount>,
    /// How long a call takes, in seconds.
    #[tsify(optional)]
    pub response_seconds: Option<Amount>,
    /// Days of the month on which calls are made, 1 to 31. Default 30.
    #[tsify(optional)]
    pub days_per_month: Option<Count>,
    /// Hours of such a day, 1 to 24. Default 24.
    #[tsify(optional)]
    pub hours_per_day: Option<Count>,
    /// Prices that a person typed in.
    #[tsify(optional)]
    pub entered: EnteredQps,
}

reads!(QpsRequest { required catalog "catalog", optional profile "profile", required api "api", optional calls_per_month "callsPerMonth", optional concurrent "concurrent", optional peak_factor "peakFactor", optional response_seconds "responseSeconds", optional days_per_month "daysPerMonth", optional hours_per_day "hoursPerDay", optional entered "entered" });

/// Prices that a person typed in: each replaces the catalog's row of the same API and length.
#[derive(Clone, Debug, Default, Tsify)]
pub struct EnteredQps {
    /// Queries per second.
    #[tsify(optional)]
    pub qps: Vec<Qps>,
}

reads!(EnteredQps { optional qps "qps" });

/// Queries per second: what is needed, and what it costs.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Concurrency {
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// The API called.
    pub api: String,
    /// Queries in the busiest second, half-up to six decimals; `null` where calls at the same time were given.
    pub per_second: Option<Amount>,
    /// Queries per second needed: that, rounded up.
    pub needed: u64,
    /// Calls at the same time: needed × response time; `null` where no response time is given.
    pub concurrent: Option<Amount>,
    /// The ways to have them: one for each row of the catalog or entered for this API.
    pub options: Vec<QpsOption>,
    /// What was decided or assumed.
    pub notes: Vec<Note>,
}

/// One way to have the queries per second.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct QpsOption {
    /// For how long it is bought.
    pub per: QpsPer,
    /// Included without charge.
    pub included: u64,
    /// To be bought on top.
    pub extra: u64,
    /// The most that can be had; `null` where no limit is published.
    pub max: Option<u64>,
    /// Whether what is needed can be had.
    pub enough: bool,
    /// The price of one more, of the band that `extra` reaches; `null` where none is published.
    pub unit_price: Option<Amount>,
    /// The price of all of `extra`, for one day, month or year; `null` where none is published.
    pub price: Option<Amount>,
    /// The source of the row, as the row names it.
    pub source: String,
    /// Set where a person entered the row.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub entered: bool,
}

/// How many queries per second are needed, and what they cost.
///
/// Fails on the first thing wrong, with its place; `missing_field` where neither kind of volume is given.
pub fn qps(request: &Value) -> Result<Concurrency> {
    let request = read::<QpsRequest>(request).map_err(|error| error.inside("request"))?;
    let catalog = Catalog::choose(&request.catalog, &request.profile)?;
    sound(&catalog)?;
    sound_qps(&catalog, &request.entered.qps, "request.entered")?;
    let api = known(catalog.api(&request.api), Code::UnknownApi, "request.api")?;
    if request.response_seconds == Some(Amount::ZERO) {
        return fail(Code::InvalidValue, "request.responseSeconds");
    }
    let (per_second, needed) = match (request.calls_per_month, request.concurrent, request.response_seconds) {
        (Some(calls), None, _) => {
            let hours = within(request.days_per_month, 30, 31, "request.daysPerMonth")?
                * within(request.hours_per_day, 24, 24, "request.hoursPerDay")?;
            let seconds = hours * 3_600;
            let busy = request.peak_factor.unwrap_or(Amount::whole(1)?).times(calls.0)?;
            (Some(busy.each(seconds)), busy.reached_by(Amount::whole(seconds)?))
        }
        (None, Some(concurrent), Some(response)) => (None, concurrency(concurrent.0, response)?),
        (None, Some(_), None) => return fail(Code::MissingField, "request.responseSeconds"),
        (Some(_), Some(_), _) => return fail(Code::UnknownField, "request.concurrent"),
        (None, None, _) => return fail(Code::MissingField, "request.callsPerMonth"),
    };
    let needed = needed.max(1);
    let id = &catalog.apis[api].id;
    let mut options = Vec::new();
    for row in request.entered.qps.iter().filter(|row| row.apis.contains(id)) {
        options.push(option(row, needed, true)?);
    }
    for row in catalog.qps.iter().filter(|row| row.apis.contains(id)) {
        if options.iter().all(|entered| entered.per != row.per) {
            options.push(option(row, needed, false)?);
        }
    }
    let notes = catalog.notes.iter().filter(|note| note.rule == "Q1" && note.apis.as_ref().is_none_or(|apis| apis.contains(id)));
    Ok(Concurrency {
        currency: catalog.currency.clone(),
        api: id.clone(),
        per_second,
        needed,
        concurrent: request.response_seconds.map(|response| response.times(needed)).transpose()?,
        options,
        notes: notes.map(|note| Note { code: note.code.clone(), rule: note.rule.clone(), severity: note.severity, place: None }).collect(),
    })
}

/// A whole number from 1 to a maximum.
fn within(given: Option<Count>, default: u64, max: u64, place: &str) -> Result<u64> {
    let given = given.map_or(default, |given| given.0);
    if (1..=max).contains(&given) { Ok(given) } else { fail(Code::InvalidValue, place) }
}

/// So many calls at the same time, each so long: queries per second, rounded up.
fn concurrency(concurrent: u64, response: Amount) -> Result<u64> {
    Ok(Amount::whole(concurrent)?.reached_by(response))
}

fn option(row: &Qps, needed: u64, entered: bool) -> Result<QpsOption> {
    let extra = needed.saturating_sub(row.included.0);
    // The band that the number of add-ons reaches prices all of them.
    let tariff = Tariff { shape: Shape::Volume, steps: &row.steps, bound: Bound::UpToIncluded, per: 1, block: Block::Prorated };
    let slice = tariff.slice(tariff.step_reached(extra), extra, entered)?;
    Ok(QpsOption {
        per: row.per,
        included: row.included.0,
        extra,
        max: row.max.map(|max| max.0),
        enough: row.max.is_none_or(|max| needed <= max.0),
        unit_price: slice.unit_price,
        price: if extra == 0 { Some(Amount::ZERO) } else { slice.amount },
        source: row.source.clone(),
        entered,
    })
}
