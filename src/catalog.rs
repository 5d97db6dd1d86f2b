//! What is sold: one provider's published prices and rules, as data.
//!
//! Owns the shape of a catalog and the look-ups by name, region and instant. Knows no provider: a further one is a further file.
//! Every price row names its source. What is wrong with a catalog, `lint` says.

use crate::count::Count;
use crate::error::{Code, Result, fail};
use crate::money::Amount;
use crate::rulebook::{Arrears, Class, ClassKind, LateRenewal, Limited, OrderKey, Rounding, Settlement, Stacking, SuccessRule, Windows};
use crate::tariff::{Block, Bound, Shape, Step, Tariff};
use crate::time::{Day, Instant, Length, Period, Term, Zone};
use crate::value::{Table, Text, Value, WholeOnly, read, reads, reads_word};
use serde::Serialize;
use tsify::Tsify;

/// One provider's site: regions, APIs, prices, packages and the rules they follow.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    /// Stable name of the catalog, and of its file.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Zone of all wall-clock rules (T1).
    pub utc_offset: Zone,
    /// The day on which a person last held the rows against their sources.
    #[tsify(type = "Day")]
    pub checked_on: WholeOnly<Day>,
    /// Documents that the rows name.
    #[tsify(type = "Record<string, Source>")]
    pub sources: Table<WholeOnly<Source>>,
    /// How often pay-per-use is settled.
    pub settlement: Settlement,
    /// Whole hours from a cycle's end to its debit.
    #[tsify(optional)]
    pub debit_after_hours: Option<Count>,
    /// Whether calls that no grant covers are charged (`false`: they fail, P5).
    pub pay_per_use: bool,
    /// Whether customers have to switch pay-per-use on, so that a request says whether they did (P8).
    #[tsify(optional)]
    pub pay_per_use_switch: bool,
    /// What counts as a successful request (N4); left out: an HTTP status 2xx.
    #[tsify(optional)]
    pub success: SuccessRule,
    /// The provider's own code of a call to an API that is not open (P9); left out where none is published.
    #[tsify(optional)]
    pub not_open_code: Option<String>,
    /// How amounts are cut (R1).
    pub rounding: Rounding,
    /// Classes of grants, in draw-down order.
    pub classes: Vec<Class>,
    /// What decides inside a class, the first key first.
    pub order: Vec<OrderKey>,
    /// Which rule a draw-down cites when a key decided it (`class` included).
    #[tsify(optional, type = "Record<string, string>")]
    pub cites: Table<String>,
    /// Where calls are made.
    pub regions: Vec<Region>,
    /// What is called.
    pub apis: Vec<Api>,
    /// Pay-per-use prices.
    pub ladders: Vec<Ladder>,
    /// What can be bought in advance.
    pub packages: Vec<Package>,
    /// Whether a package's start can be chosen (T4).
    pub start_choice: bool,
    /// What "limited" says of a package (K3).
    #[tsify(optional)]
    pub limited: Limited,
    /// Whether packages of one class for one API are all in force (K5).
    #[tsify(optional)]
    pub stacking: Stacking,
    /// Which calls of a cycle a package may serve (K7).
    #[tsify(optional)]
    pub windows: Windows,
    /// When a renewal starts that was paid after the term before it ended (K9).
    #[tsify(optional)]
    pub late_renewal: LateRenewal,
    /// Which calls go on while the account is in arrears (K6).
    #[tsify(optional, type = "Arrears")]
    pub arrears: WholeOnly<Arrears>,
    /// Where official texts contradict each other: both readings. The first option is the default.
    #[tsify(optional)]
    pub profiles: Vec<Profile>,
    /// Days of grace and retention, by customer tier.
    #[tsify(optional, type = "Lifecycle")]
    pub lifecycle: WholeOnly<Option<Lifecycle>>,
    /// What stops after a debit that is not covered (L11); such a catalog has no grace and retention for pay-per-use.
    #[tsify(optional, type = "Overdue")]
    pub overdue: WholeOnly<Option<Overdue>>,
    /// Queries per second, included and bought.
    #[tsify(optional, type = "Qps[]")]
    pub qps: WholeOnly<Vec<Qps>>,
    /// What the reader of an answer must be told when the answer touches a rule.
    #[tsify(optional)]
    pub notes: Vec<CatalogNote>,
}

reads!(Catalog { required id "id", required name "name", required currency "currency", required utc_offset "utcOffset", required checked_on "checkedOn", required sources "sources", required settlement "settlement", optional debit_after_hours "debitAfterHours", required pay_per_use "payPerUse", optional pay_per_use_switch "payPerUseSwitch", optional success "success", optional not_open_code "notOpenCode", required rounding "rounding", required classes "classes", required order "order", optional cites "cites", required regions "regions", required apis "apis", required ladders "ladders", required packages "packages", required start_choice "startChoice", optional limited "limited", optional stacking "stacking", optional windows "windows", optional late_renewal "lateRenewal", optional arrears "arrears", optional profiles "profiles", optional lifecycle "lifecycle", optional overdue "overdue", optional qps "qps", optional notes "notes" });

/// A published document.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Where it is published.
    #[tsify(optional)]
    pub address: Option<String>,
    /// The day it states.
    #[tsify(optional)]
    pub date: Option<Day>,
}

reads!(Source { required title "title", optional address "address", optional date "date" });

/// A region that can be called.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Region {
    /// The provider's name of the region: `cn-north-4`.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// Other names of it, and of places that it takes in, in logs and bills.
    #[tsify(optional)]
    pub also: Vec<String>,
}

reads!(Region { required id "id", required name "name", optional also "also" });

/// An API that can be called.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    /// Stable name: `general-text`.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// The common name of this API across catalogs.
    #[tsify(optional)]
    pub same: Option<String>,
    /// The provider's name of the operation: `recognizeGeneralText`.
    #[tsify(optional)]
    pub operation: Option<String>,
    /// The path of a request.
    #[tsify(optional)]
    pub path: Option<String>,
    /// Where it is offered; left out: everywhere.
    #[tsify(optional)]
    pub regions: Option<Vec<String>>,
    /// Calls that one request counts as. Default 1.
    #[tsify(optional)]
    pub calls_per_request: Option<Count>,
    /// Points that one call takes. Default 1.
    #[tsify(optional)]
    pub points: Option<Count>,
    /// Calls that are free.
    #[tsify(optional)]
    pub free: Option<Free>,
}

reads!(Api { required id "id", required name "name", optional same "same", optional operation "operation", optional path "path", optional regions "regions", optional calls_per_request "callsPerRequest", optional points "points", optional free "free" });

/// A free quota.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Free {
    /// Calls.
    pub calls: Count,
    /// Each calendar month anew, or once.
    pub every: FreeEvery,
    /// Where it serves; left out: everywhere.
    #[tsify(optional)]
    pub regions: Option<Vec<String>>,
    /// All APIs that name the same word share one quota.
    #[tsify(optional)]
    pub shared: Option<String>,
}

reads!(Free { required calls "calls", required every "every", optional regions "regions", optional shared "shared" });

/// How often a free quota is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum FreeEvery {
    /// Each calendar month; what is left is lost.
    #[default]
    Month,
    /// Once per account.
    Once,
}

reads_word!(FreeEvery { "month" Month, "once" Once });

/// Pay-per-use prices of some APIs in some regions for some time.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Ladder {
    /// The APIs that these steps price, each on its own.
    pub apis: Vec<String>,
    /// The regions, together; left out: all.
    #[tsify(optional)]
    pub regions: Option<Vec<String>>,
    /// The first second of validity; left out: always.
    #[tsify(optional)]
    pub from: Option<Instant>,
    /// The first second after validity; left out: still valid.
    #[tsify(optional)]
    pub until: Option<Instant>,
    /// What running pay-per-use does when these prices end (T9).
    #[tsify(optional)]
    pub on_change: OnChange,
    /// How the steps work together.
    pub shape: Shape,
    /// The steps.
    pub steps: Vec<Step>,
    /// On which side of a step's end the call that reaches it stands.
    #[tsify(optional)]
    pub bound: Bound,
    /// Calls a unit price buys: 1, 10, 100 or 1,000. Default 1.
    #[tsify(optional)]
    pub per: Option<Count>,
    /// What a last, incomplete block costs.
    #[tsify(optional)]
    pub block: Block,
    /// When calls start again at the first step.
    #[tsify(optional)]
    pub reset: Reset,
    /// A key of `sources`; free text in an entered row.
    pub source: String,
}

reads!(Ladder { required apis "apis", optional regions "regions", optional from "from", optional until "until", optional on_change "onChange", required shape "shape", required steps "steps", optional bound "bound", optional per "per", optional block "block", optional reset "reset", required source "source" });

/// What running pay-per-use does when its prices end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum OnChange {
    /// It takes the prices of the day.
    #[default]
    Switch,
    /// An unbroken subscription keeps them.
    Keep,
}

reads_word!(OnChange { "switch" Switch, "keep" Keep });

/// When a ladder's calls start again at the first step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Reset {
    /// On the 1st of each month, 00:00:00.
    #[default]
    Month,
    /// Never.
    Never,
}

reads_word!(Reset { "month" Month, "never" Never });

/// A package on sale. Rows with one id and disjoint validity are its price versions.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    /// Stable name: `general-text-100k`.
    pub id: String,
    /// What people call it.
    #[tsify(optional)]
    pub name: Option<Text>,
    /// The APIs that it serves.
    pub apis: Vec<String>,
    /// Where it is sold; left out: everywhere. It serves the region in which it was bought.
    #[tsify(optional)]
    pub regions: Option<Vec<String>>,
    /// A class of this catalog.
    pub class: String,
    /// Calls or points that it holds.
    pub quota: Count,
    /// What the quota counts.
    #[tsify(optional)]
    pub unit: Unit,
    /// List price; `null` where none is published.
    pub price: Option<Amount>,
    /// How long it lasts.
    pub term: Term,
    /// Local hours in which a limited-hours package serves.
    #[tsify(optional)]
    pub hours: Option<Hours>,
    /// The first second on sale; left out: always.
    #[tsify(optional)]
    pub from: Option<Instant>,
    /// The first second off sale; left out: still sold.
    #[tsify(optional)]
    pub until: Option<Instant>,
    /// A key of `sources`; free text in an entered row.
    pub source: String,
}

reads!(Package { required id "id", optional name "name", required apis "apis", optional regions "regions", required class "class", required quota "quota", optional unit "unit", required price "price", required term "term", optional hours "hours", optional from "from", optional until "until", required source "source" });

/// What a quota counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Calls.
    #[default]
    Call,
    /// Points, of which an API takes so many a call.
    Point,
}

reads_word!(Unit { "call" Call, "point" Point });

/// Local hours, the first inside, the last outside; from 22 to 8 is over midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[tsify(missing_as_null)]
pub struct Hours {
    /// 0 to 23.
    pub from: Count,
    /// 1 to 24.
    pub to: Count,
}

reads!(Hours { required from "from", required to "to" });

impl Hours {
    /// Whether an hour of the day lies inside.
    pub fn contain(self, hour: u64) -> bool {
        let (from, to) = (self.from.0, self.to.0);
        if from < to { from <= hour && hour < to } else { from <= hour || hour < to }
    }
}

/// A question on which official texts contradict each other.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Profile {
    /// K1 to K9.
    pub id: String,
    /// The question.
    pub title: Text,
    /// The readings; the first is the default.
    pub options: Vec<ProfileOption>,
}

reads!(Profile { required id "id", required title "title", required options "options" });

/// One reading.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct ProfileOption {
    /// Stable name.
    pub id: String,
    /// What it says.
    pub title: Text,
    /// A key of `sources`.
    pub source: String,
    /// Fields of the catalog that this reading replaces; objects are merged field by field.
    #[tsify(type = "object")]
    pub set: Value,
}

reads!(ProfileOption { required id "id", required title "title", required source "source", required set "set" });

/// Days of grace and retention.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Lifecycle {
    /// By customer tier.
    #[tsify(type = "Record<string, Tier>")]
    pub tiers: Table<Tier>,
    /// A key of `sources`.
    pub source: String,
}

reads!(Lifecycle { required tiers "tiers", required source "source" });

/// One customer tier.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Tier {
    /// Of a package that ended.
    pub package: GraceDays,
    /// Of pay-per-use in arrears.
    pub pay_per_use: GraceDays,
}

reads!(Tier { required package "package", required pay_per_use "payPerUse" });

/// Days of grace, then of retention.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct GraceDays {
    /// Days in which the service works.
    pub grace: Length,
    /// Days after that in which it is frozen.
    pub retention: Length,
}

reads!(GraceDays { required grace "grace", required retention "retention" });

/// What stops after a debit that takes the available credit below zero, until a top-up makes it greater than zero (L11).
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Overdue {
    /// Hours from the debit to the stop; before it everything is served. At most 8,784: a year.
    pub stop_after_hours: Count,
    /// Whether calls that a grant covers go on.
    pub packages: OverduePackages,
    /// A key of `sources`.
    pub source: String,
}

reads!(Overdue { required stop_after_hours "stopAfterHours", required packages "packages", required source "source" });

/// What packages and free quotas do while the service is stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum OverduePackages {
    /// They serve.
    #[default]
    GoOn,
    /// They pause; their terms do not get longer.
    Stop,
}

reads_word!(OverduePackages { "go-on" GoOn, "stop" Stop });

/// Queries per second.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Qps {
    /// The APIs.
    pub apis: Vec<String>,
    /// Included without charge.
    pub included: Count,
    /// The most that can be bought online.
    #[tsify(optional)]
    pub max: Option<Count>,
    /// For how long an add-on is bought.
    pub per: QpsPer,
    /// Prices of one query per second.
    pub steps: Vec<Step>,
    /// A key of `sources`.
    pub source: String,
}

reads!(Qps { required apis "apis", required included "included", optional max "max", required per "per", required steps "steps", required source "source" });

/// For how long an add-on is bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum QpsPer {
    /// A day.
    #[default]
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

reads_word!(QpsPer { "day" Day, "month" Month, "year" Year });

/// Something that the reader of an answer must be told.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct CatalogNote {
    /// Stable name; the page words it.
    pub code: String,
    /// The rule it belongs to; the note is listed with every answer that touches this rule.
    pub rule: String,
    /// How serious it is.
    pub severity: Severity,
    /// `always`: listed with every answer.
    #[tsify(optional)]
    pub on: Option<NoteOn>,
    /// Listed only where one of these APIs is called.
    #[tsify(optional)]
    pub apis: Option<Vec<String>>,
    /// Listed only while the first reading of this profile holds.
    #[tsify(optional)]
    pub profile: Option<String>,
}

reads!(CatalogNote { required code "code", required rule "rule", required severity "severity", optional on "on", optional apis "apis", optional profile "profile" });

/// When a note is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum NoteOn {
    /// With every answer.
    #[default]
    Always,
}

reads_word!(NoteOn { "always" Always });

/// How serious a note is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    #[default]
    Info,
    /// The documents leave this open; this is what was assumed.
    Assumption,
    /// Something to act on.
    Warning,
}

reads_word!(Severity { "info" Info, "assumption" Assumption, "warning" Warning });

impl Catalog {
    /// What a catalog file may hold, as JSON Schema.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn schema() -> String {
        crate::value::Read::schema(&Catalog::default())
    }

    /// Reads a catalog, with the readings that a request chose in place of the defaults.
    pub(crate) fn choose(value: &Value, chosen: &Table<String>) -> Result<Catalog> {
        if !matches!(value, Value::Map(fields) if !fields.is_empty()) {
            return fail(Code::EmptyCatalog, "catalog");
        }
        let choose = |value: &Value| read::<Catalog>(value).map_err(|error| error.inside("catalog"));
        let catalog = choose(value)?;
        let mut replaced = value.clone();
        for (id, option) in &chosen.0 {
            let profile = catalog.profiles.iter().find(|profile| profile.id == *id);
            let option = profile.and_then(|profile| profile.options.iter().find(|it| it.id == *option));
            let Some(option) = option else { return fail(Code::UnknownProfile, format!("request.profile.{id}")) };
            replaced.merge(&option.set);
        }
        if chosen.0.is_empty() { Ok(catalog) } else { choose(&replaced) }
    }

    /// The profiles of which another reading than the first is chosen.
    pub(crate) fn other_readings(&self, chosen: &Table<String>) -> Vec<String> {
        let other = |profile: &&Profile| {
            let first = profile.options.first().map(|option| &option.id);
            chosen.get(&profile.id).is_some_and(|option| first != Some(option))
        };
        self.profiles.iter().filter(other).map(|profile| profile.id.clone()).collect()
    }

    /// The index of an API.
    pub fn api(&self, id: &str) -> Option<usize> {
        self.apis.iter().position(|api| api.id == id)
    }

    /// The index of a region.
    pub fn region(&self, id: &str) -> Option<usize> {
        self.regions.iter().position(|region| region.id == id)
    }

    /// The rank of a class in draw-down order.
    pub fn class(&self, id: &str) -> Option<usize> {
        self.classes.iter().position(|class| class.id == id)
    }

    /// Whether packages pause while the service is stopped (L11).
    pub(crate) fn packages_stop(&self) -> bool {
        self.overdue.as_ref().is_some_and(|overdue| overdue.packages == OverduePackages::Stop)
    }

    /// The class of free quotas.
    pub fn free_class(&self) -> Option<usize> {
        self.classes.iter().position(|class| class.kind == ClassKind::Free)
    }
}

impl Ladder {
    /// The pricing part of the row.
    pub fn tariff(&self) -> Tariff<'_> {
        Tariff { shape: self.shape, steps: &self.steps, bound: self.bound, per: self.per.map_or(1, |per| per.0), block: self.block }
    }

    /// Whether the row is the version that follows another (P4): it begins where that ends, for the same APIs in the same regions.
    pub(crate) fn is_version_after(&self, earlier: &Ladder, catalog: &Catalog) -> bool {
        self.from.is_some()
            && self.from == earlier.until
            && self.reset == earlier.reset
            && catalog.apis.iter().all(|api| self.apis.contains(&api.id) == earlier.apis.contains(&api.id))
            && catalog.regions.iter().all(|it| among(&self.regions, &it.id) == among(&earlier.regions, &it.id))
    }

    /// Whether the row prices this API in this region at this instant.
    pub fn claims(&self, api: &str, region: &str, at: Instant) -> bool {
        validity(self.from, self.until).contains(at) && self.apis.iter().any(|it| it == api) && among(&self.regions, region)
    }
}

impl Package {
    /// Whether the row is on sale at this instant.
    pub fn on_sale(&self, at: Instant) -> bool {
        validity(self.from, self.until).contains(at)
    }
}

/// Whether a list of regions names this one; no list names all.
pub fn among(regions: &Option<Vec<String>>, region: &str) -> bool {
    regions.as_ref().is_none_or(|regions| regions.iter().any(|it| it == region))
}

/// From an optional first second to an optional first second outside.
pub fn validity(from: Option<Instant>, until: Option<Instant>) -> Period {
    Period { start: from.unwrap_or(Instant(i64::MIN)), end: until.unwrap_or(Instant(i64::MAX)) }
}
