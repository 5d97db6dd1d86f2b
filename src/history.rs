//! The shape of an account's history: what `account` says. Ends are exclusive, amounts exact.

use crate::account::Carried;
use crate::answer::{Estimate, Note, Span};
use crate::money::Amount;
use crate::request::State;
use serde::Serialize;
use tsify::Tsify;

/// An account over time.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct History {
    /// What it costs, line by line: of what was really bought and served.
    pub estimate: Estimate,
    /// Every movement of money, in order.
    pub movements: Vec<Movement>,
    /// What was to be bought.
    pub purchases: Vec<OrderLine>,
    /// What was to be renewed, each try.
    pub renewals: Vec<OrderLine>,
    /// The states of the account, of pay-per-use, of each package; within the period.
    pub states: Vec<StateLine>,
    /// When the account was in arrears, and what for.
    pub arrears: Vec<ArrearsLine>,
    /// What it was warned of, in order.
    pub alerts: Vec<Alert>,
    /// The total by project, user, API, region; each adds up to it.
    pub split: Vec<SplitLine>,
    /// What to do, in order; each by itself, as if the others were left undone.
    pub todo: Vec<Todo>,
    /// What was decided or assumed about the account.
    pub notes: Vec<Note>,
    /// What the next history starts from.
    pub closing: Closing,
}

/// Money that came in or went out.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Movement {
    /// When.
    pub at: String,
    /// What for.
    pub kind: MovementKind,
    /// In above zero, out below.
    pub amount: Amount,
    /// The balance after it.
    pub balance: Amount,
    /// The vouchers after it.
    pub vouchers: Amount,
    /// The order that was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The settlement cycle that was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Span>,
}

/// What money moved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum MovementKind {
    /// It was topped up.
    TopUp,
    /// Another payment method paid what was missing.
    OtherPayment,
    /// A package.
    Package,
    /// A renewal.
    Renewal,
    /// Calls that no grant covered.
    PayPerUse,
    /// What the month's rounding gives or takes.
    Rounding,
}

/// An order, or a renewal of one.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    /// The order: the id of its first copy.
    pub grant: String,
    /// When.
    pub at: String,
    /// What became of it.
    pub outcome: OrderOutcome,
    /// Whether it renewed itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub automatic: bool,
    /// What it costs, all copies; left out where nothing was on sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Days by which the end was moved to a chosen day of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_days: Option<u64>,
    /// The new term, where it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Span>,
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum OrderOutcome {
    /// It was paid.
    Paid,
    /// It was not: the account was in arrears, or had too little.
    Unpaid,
    /// There was nothing, or nothing more, to renew.
    Stopped,
}

/// A state that held for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct StateLine {
    /// Of what.
    pub of: StateOf,
    /// Which package: the id of its first term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The state.
    pub state: StateName,
    /// The first second.
    pub start: String,
    /// The first second outside.
    pub end: String,
}

/// What has a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum StateOf {
    /// The account.
    Account,
    /// Pay-per-use.
    PayPerUse,
    /// A package, with its renewals.
    Package,
}

/// A state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum StateName {
    /// It works.
    Active,
    /// The account owes more than it has (L1).
    Arrears,
    /// A package ended, and no periods are known (L10).
    Expired,
    /// Pay-per-use still works; a package that ended can be renewed.
    Grace,
    /// Pay-per-use refuses calls; a package that ended can still be renewed.
    Frozen,
    /// It serves nothing until the arrears are paid (L11).
    Stopped,
    /// It is gone; pay-per-use has to be opened again.
    Released,
}

/// A time in arrears.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ArrearsLine {
    /// The debit that the available credit did not cover; the start of a history that begins in arrears.
    pub start: String,
    /// The top-up that ended it; left out where none did in the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// What calls were charged for since the last top-up before, the largest amount first.
    pub causes: Vec<ArrearsCause>,
}

/// What calls were charged for.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct ArrearsCause {
    /// Which of the documents' five reasons it is (L2), or `other`.
    pub reason: ArrearsReason,
    /// The cause.
    pub code: String,
    /// Calls.
    pub calls: u64,
    /// What they cost.
    pub amount: Amount,
    /// The rule behind it.
    pub rule: String,
}

/// Why accounts get into arrears (L2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum ArrearsReason {
    /// The package was bought in another region than the one called.
    PackageOtherRegion,
    /// The free trial is in another region than the one called.
    FreeTrialOtherRegion,
    /// The service bought is not the one called.
    PackageOtherApi,
    /// The package ended or was used up, and no other was bought.
    PackageEnded,
    /// Pay-per-use is open, and there is no package.
    NoPackage,
    /// None of these.
    Other,
}

/// A warning. Each comes once.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Alert {
    /// The exact instant.
    pub at: String,
    /// Which warning.
    pub code: AlertCode,
    /// What it is about.
    pub of: AlertOf,
    /// What was found.
    pub value: Amount,
    /// What it was held against.
    pub threshold: Amount,
    /// What to do.
    pub advice: Advice,
    /// Until when; the end is outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How much money it takes; after `arrears`, more than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
}

/// Which warning, in the order in which those of one instant stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum AlertCode {
    /// A debit took the available credit below zero.
    Arrears,
    /// Available credit and vouchers are below the threshold.
    BalanceBelow,
    /// What is left in packages is at or below the threshold, as a share.
    PackageLeft,
    /// A package ends in so many days; the value is what is left in it.
    PackageExpires,
    /// What was spent is above a share of a budget.
    BudgetActual,
    /// What is forecast is above a share of a budget. A forecast is no bill.
    BudgetForecast,
}

/// What a warning is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct AlertOf {
    /// The budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    /// The term of a package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The APIs of the packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apis: Option<Vec<String>>,
    /// Their region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What is left in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// What they hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<u64>,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Renew the package.
    Renew,
    /// Buy a package.
    Buy,
    /// Top up the account.
    TopUp,
    /// Use what is left, or lose it.
    UseUp,
    /// Look at what is spent.
    Review,
}

/// A part of the total.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct SplitLine {
    /// By what.
    pub by: SplitBy,
    /// Whose part; left out for what belongs to none, or to several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The part.
    pub amount: Amount,
}

/// By what a total is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum SplitBy {
    /// The project that calls carry, or that a package is bound to.
    Project,
    /// The user who calls.
    User,
    /// The API.
    Api,
    /// The region.
    Region,
}

/// Something to do.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Todo {
    /// What.
    #[serde(rename = "do")]
    #[tsify(type = "Advice")]
    pub what: Advice,
    /// Before this instant.
    pub by: String,
    /// How much has to come in by then, where that is known; against `frozen` and `stopped`, more than this. In arrears it holds what is owed, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// The order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What happens otherwise.
    pub why: TodoWhy,
}

/// What happens if nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum TodoWhy {
    /// A package ends.
    PackageEnds,
    /// Packages run out, or have ended, while calls go on.
    PackagesRunOut,
    /// A debit takes the available credit below zero.
    Arrears,
    /// Pay-per-use is frozen.
    Frozen,
    /// The service stops (L11).
    Stopped,
    /// A purchase cannot be paid.
    PurchaseUnpaid,
    /// A renewal cannot be paid.
    RenewalUnpaid,
}

/// What the next history starts from.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct Closing {
    /// What is used up, as in an estimate.
    #[serde(flatten)]
    #[tsify(type = "State")]
    pub state: State,
    /// The balance.
    pub balance: Amount,
    /// The vouchers.
    pub vouchers: Amount,
    /// What was charged and is not debited by the end: owed in arrears, or due later. Below zero where more is given back.
    pub outstanding: Amount,
    /// The rest: the next account's `carried`.
    pub carried: Carried,
}
