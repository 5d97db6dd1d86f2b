//! What an account is asked about over time: its money, its renewals, its warnings, its budgets.
//!
//! Only its shape. What happens to it, `timeline` finds out.

use crate::catalog::Tier;
use crate::count::Count;
use crate::error::{Code, PricingError, Result, fail};
use crate::money::{Amount, Share};
use crate::time::{Instant, Month, MonthDay};
use crate::value::{Read, Value, read, reads, reads_word};
use serde::Serialize;
use tsify::Tsify;

/// An account: what it has, and what it is warned of.
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its balance when the period starts; below zero where something is owed.
    pub balance: Signed,
    /// Its credit line. Balance and credit line are the available credit.
    #[tsify(optional)]
    pub credit: Amount,
    /// General vouchers and cash coupons when the period starts. They pay first.
    #[tsify(optional)]
    pub vouchers: Amount,
    /// Whether a card or the like pays what vouchers and available credit do not.
    #[tsify(optional)]
    pub other_payment: bool,
    /// The customer's tier: a key of the catalog's `lifecycle.tiers`. Needed where it has several, unless `lifecycle` is given.
    #[tsify(optional)]
    pub tier: Option<String>,
    /// Days of grace and retention that a person typed in; they go before the catalog's, but those of pay-per-use not before its `overdue` (L11).
    #[tsify(optional)]
    pub lifecycle: Option<Tier>,
    /// Money that comes in.
    #[tsify(optional)]
    pub top_ups: Vec<TopUp>,
    /// Orders that renew themselves.
    #[tsify(optional)]
    pub auto_renew: Vec<AutoRenew>,
    /// What is warned of.
    #[tsify(optional)]
    pub alerts: Warnings,
    /// Amounts that are watched.
    #[tsify(optional)]
    pub budgets: Vec<Budget>,
    /// What an earlier history left: its `closing.carried`.
    #[tsify(optional)]
    pub carried: Carried,
}

reads!(Account { required balance "balance", optional credit "credit", optional vouchers "vouchers", optional other_payment "otherPayment", optional tier "tier", optional lifecycle "lifecycle", optional top_ups "topUps", optional auto_renew "autoRenew", optional alerts "alerts", optional budgets "budgets", optional carried "carried" });

impl Account {
    /// A request of `account` as one of `estimate`, and what it says of the account.
    pub fn split(request: &Value) -> Result<(Value, Account)> {
        let Value::Map(fields) = request else { return fail(Code::InvalidType, "request") };
        let account = fields.iter().find(|(name, _)| name == "account").map(|(_, account)| account);
        let account = account.ok_or_else(|| PricingError::new(Code::MissingField, "request.account"))?;
        let account = read::<Account>(account).map_err(|error| error.inside("request.account"))?;
        Ok((Value::Map(fields.iter().filter(|(name, _)| name != "account").cloned().collect()), account))
    }
}

/// A balance: an amount that may have a minus before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[tsify(type = "string")]
pub struct Signed(pub Amount);

impl Read for Signed {
    fn take(&mut self, from: &Value) -> Result<()> {
        match from {
            Value::Text(text) if text.starts_with('-') => {
                let amount = read::<Amount>(&Value::Text(text[1..].to_string()))?;
                self.0 = Amount::ZERO.minus(amount)?;
                Ok(())
            }
            _ => self.0.take(from),
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        self.0.schema().replace("^(", "^-?(")
    }
}

/// Money that comes in.
#[derive(Clone, Debug, Default, Tsify)]
pub struct TopUp {
    /// When. At one instant top-ups come before everything else.
    pub at: Instant,
    /// How much.
    pub amount: Amount,
}

reads!(TopUp { required at "at", required amount "amount" });

/// An order that renews itself (T6).
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct AutoRenew {
    /// The order: the id of its first copy.
    pub grant: String,
    /// Days before the last day at which it is tried first, at 03:00; up to 365. Default 7.
    #[tsify(optional)]
    pub lead_days: Option<Count>,
    /// How often at most; left out: without limit.
    #[tsify(optional)]
    pub times: Option<Count>,
    /// When it is switched on; left out: with the order.
    #[tsify(optional)]
    pub from: Option<Instant>,
    /// When it is switched off.
    #[tsify(optional)]
    pub until: Option<Instant>,
}

reads!(AutoRenew { required grant "grant", optional lead_days "leadDays", optional times "times", optional from "from", optional until "until" });

/// What is warned of.
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Warnings {
    /// Available credit and vouchers together below this (L7).
    #[tsify(optional)]
    pub balance_below: Option<Amount>,
    /// What is left in the packages for an API in a region, as a share of what they hold, at or below this (L7).
    #[tsify(optional)]
    pub left_at_most: Option<Share>,
    /// A package that ends in so many days, up to 3,650.
    #[tsify(optional)]
    pub expires_within_days: Option<Count>,
}

reads!(Warnings { optional balance_below "balanceBelow", optional left_at_most "leftAtMost", optional expires_within_days "expiresWithinDays" });

/// An amount that is watched (L8).
#[derive(Clone, Debug, Default, Tsify)]
pub struct Budget {
    /// Its name in alerts.
    pub id: String,
    /// How long one of its periods is. Quarters and years run from the month in which it starts.
    pub every: Every,
    /// The month from whose first day it counts.
    pub from: Month,
    /// The first month outside.
    #[tsify(optional)]
    pub until: Option<Month>,
    /// Of each period; or of the periods in order, none after the last.
    #[tsify(type = "string | string[]")]
    pub amount: Amounts,
    /// What counts. Left out: everything.
    #[tsify(optional)]
    pub scope: Scope,
    /// When it speaks up; each once in a period.
    pub alerts: Vec<BudgetAlert>,
}

reads!(Budget { required id "id", required every "every", required from "from", optional until "until", required amount "amount", optional scope "scope", required alerts "alerts" });

impl Budget {
    /// Whether its periods are longer than a month.
    pub(crate) fn is_long(&self) -> bool {
        matches!(self.every, Every::Quarter | Every::Year)
    }
}

/// How long a budget's period is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// A calendar day.
    Day,
    /// A calendar month.
    #[default]
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
}

reads_word!(Every { "day" Day, "month" Month, "quarter" Quarter, "year" Year });

/// One amount for all periods, or one for each.
#[derive(Clone, Debug)]
pub enum Amounts {
    /// The same in every period.
    Fixed(Amount),
    /// Of each period in order.
    Planned(Vec<Amount>),
}

impl Default for Amounts {
    fn default() -> Self {
        Amounts::Fixed(Amount::ZERO)
    }
}

impl Amounts {
    /// The amount of a period, counted from 0.
    pub fn of(&self, period: usize) -> Option<Amount> {
        match self {
            Amounts::Fixed(amount) => Some(*amount),
            Amounts::Planned(amounts) => amounts.get(period).copied(),
        }
    }
}

impl Read for Amounts {
    fn take(&mut self, from: &Value) -> Result<()> {
        *self = match from {
            Value::List(_) => Amounts::Planned(read(from)?),
            _ => Amounts::Fixed(read(from)?),
        };
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        let one = Amount::ZERO.schema();
        format!(r#"{{"anyOf":[{one},{{"type":"array","items":{one}}}]}}"#)
    }
}

/// What a budget counts. A list that is left out: all.
#[derive(Clone, Debug, Default, Tsify)]
pub struct Scope {
    /// APIs. A package for several counts where all of them do.
    #[tsify(optional)]
    pub apis: Option<Vec<String>>,
    /// Regions.
    #[tsify(optional)]
    pub regions: Option<Vec<String>>,
    /// Projects; an empty one stands for what has none.
    #[tsify(optional)]
    pub projects: Option<Vec<String>>,
    /// Billing modes.
    #[tsify(optional)]
    pub kinds: Option<Vec<BillingMode>>,
}

reads!(Scope { optional apis "apis", optional regions "regions", optional projects "projects", optional kinds "kinds" });

/// A billing mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum BillingMode {
    /// Packages bought and renewed.
    #[default]
    Package,
    /// Calls that no grant covers.
    PayPerUse,
}

reads_word!(BillingMode { "package" Package, "pay-per-use" PayPerUse });

/// When a budget speaks up.
#[derive(Clone, Debug, Default, Tsify)]
pub struct BudgetAlert {
    /// Of what was spent, or of what is forecast.
    pub on: On,
    /// Above this share of the amount; 0.8 is 80 %, and it may be more than 1.
    pub over: Amount,
}

reads!(BudgetAlert { required on "on", required over "over" });

/// What a budget alert looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// What was spent in the period so far.
    #[default]
    Actual,
    /// That, and what the rest of the period would cost at the mean of the last 168 settlement cycles.
    Forecast,
}

reads_word!(On { "actual" Actual, "forecast" Forecast });

/// What one history hands to the next.
#[derive(Clone, Debug, Default, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Carried {
    /// Since when the account is in arrears.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub since: Option<Moment>,
    /// What came due in arrears and waits for a top-up.
    #[tsify(optional)]
    pub owed: Vec<CarriedDue>,
    /// What was used and is not due yet.
    #[tsify(optional)]
    pub due: Vec<CarriedDue>,
    /// When pay-per-use was released.
    #[tsify(optional)]
    pub released: Vec<CarriedRelease>,
    /// Whether pay-per-use is still released.
    #[tsify(optional)]
    pub closed: bool,
    /// What became of orders.
    #[tsify(optional)]
    pub orders: Vec<CarriedOrder>,
    /// Whether the balance alert has fired and the balance was not up since.
    #[tsify(optional)]
    pub balance_fired: bool,
    /// Packages whose alert has fired since one of them came into force last.
    #[tsify(optional)]
    pub left_fired: Vec<CarriedLeft>,
    /// What budgets have counted.
    #[tsify(optional)]
    pub budgets: Vec<CarriedBudget>,
    /// What calls were charged for since the last top-up; in arrears, up to where they began.
    #[tsify(optional)]
    pub causes: Vec<CarriedCause>,
}

reads!(Carried { optional since "since", optional owed "owed", optional due "due", optional released "released", optional closed "closed", optional orders "orders", optional balance_fired "balanceFired", optional left_fired "leftFired", optional budgets "budgets", optional causes "causes" });

/// An instant that goes out and comes in again: in the zone of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[tsify(type = "string")]
pub struct Moment(pub Instant);

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(&self.0.utc())
    }
}

impl Read for Moment {
    fn take(&mut self, from: &Value) -> Result<()> {
        self.0.take(from)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        self.0.schema()
    }
}

impl Serialize for Signed {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

/// What is to be paid.
#[derive(Clone, Debug, Default, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct CarriedDue {
    /// When it is, or was, due.
    pub at: Moment,
    /// How much; below zero where it is given back.
    pub amount: Signed,
    /// The settlement cycle; none for what rounding gives or takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub cycle: Option<CarriedCycle>,
    /// Why it cost money.
    #[tsify(optional)]
    pub causes: Vec<CarriedCause>,
}

reads!(CarriedDue { required at "at", required amount "amount", optional cycle "cycle", optional causes "causes" });

/// A settlement cycle.
#[derive(Clone, Copy, Debug, Default, Serialize, Tsify)]
pub struct CarriedCycle {
    /// The first second inside.
    pub start: Moment,
    /// The first second outside.
    pub end: Moment,
}

reads!(CarriedCycle { required start "start", required end "end" });

/// The part of a charge that has one cause.
#[derive(Clone, Debug, Default, Serialize, Tsify)]
pub struct CarriedCause {
    /// The cause.
    pub code: String,
    /// Calls.
    pub calls: Count,
    /// What they cost.
    pub amount: Signed,
}

reads!(CarriedCause { required code "code", required calls "calls", required amount "amount" });

/// A release of pay-per-use.
#[derive(Clone, Debug, Default, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct CarriedRelease {
    /// When.
    pub at: Moment,
    /// When the arrears ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub ended: Option<Moment>,
}

reads!(CarriedRelease { required at "at", optional ended "ended" });

/// What became of an order.
#[derive(Clone, Debug, Default, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct CarriedOrder {
    /// The order.
    pub grant: String,
    /// It could not be paid.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub refused: bool,
    /// Its renewals that were paid.
    #[tsify(optional)]
    pub renewals: Vec<CarriedRenewal>,
    /// When its renewal was last tried in this term and could not be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub unpaid: Option<CarriedTry>,
    /// Its renewal is not tried any more in this term.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub stopped: bool,
}

reads!(CarriedOrder { required grant "grant", optional refused "refused", optional renewals "renewals", optional unpaid "unpaid", optional stopped "stopped" });

/// A renewal that was paid.
#[derive(Clone, Debug, Default, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct CarriedRenewal {
    /// When.
    pub at: Moment,
    /// The price of one copy, where one was typed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub price: Option<Amount>,
    /// The day to which its end was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub expiry_day: Option<MonthDay>,
    /// It renewed itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub automatic: bool,
}

reads!(CarriedRenewal { required at "at", optional price "price", optional expiry_day "expiryDay", optional automatic "automatic" });

/// A renewal that could not be paid.
#[derive(Clone, Copy, Debug, Default, Serialize, Tsify)]
pub struct CarriedTry {
    /// When it was tried last.
    pub at: Moment,
    /// What it would have cost.
    pub amount: Amount,
    /// How much was missing.
    pub missing: Amount,
}

reads!(CarriedTry { required at "at", required amount "amount", required missing "missing" });

/// Packages whose remainders add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
pub struct CarriedLeft {
    /// Their APIs.
    pub apis: Vec<String>,
    /// Their region.
    pub region: String,
    /// Whether they hold points.
    pub points: bool,
}

reads!(CarriedLeft { required apis "apis", required region "region", required points "points" });

/// What a budget has counted.
#[derive(Clone, Debug, Default, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct CarriedBudget {
    /// The budget.
    pub id: String,
    /// When the period started in which it was.
    pub period: Moment,
    /// What was spent in it.
    pub spent: Amount,
    /// Which of its alerts have fired in it.
    #[tsify(optional)]
    pub fired: Vec<Count>,
    /// What its last cycles cost by pay-per-use; empty before the first call.
    #[tsify(optional)]
    pub cycles: Vec<Amount>,
}

reads!(CarriedBudget { required id "id", required period "period", required spent "spent", optional fired "fired", optional cycles "cycles" });
