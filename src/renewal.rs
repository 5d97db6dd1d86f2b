//! Which orders were paid, and when those that renew themselves are tried (T6).

use crate::account::{Account, AutoRenew, CarriedTry};
use crate::catalog::{Catalog, Package};
use crate::error::{Code, PricingError, Result, fail};
use crate::grant::Grant;
use crate::money::Amount;
use crate::question::Question;
use crate::request::{GrantRow, RenewalRow, Request};
use crate::time::{DAY, HOUR, Instant, TermEnd};

/// What is assumed of an order until the walk finds otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Its id: that of its first copy.
    pub id: String,
    /// Whether it is paid.
    pub bought: bool,
    /// The renewals that are paid, in order.
    pub renewals: Vec<Renewed>,
}

/// A renewal that is paid.
#[derive(Clone, Debug)]
pub(crate) struct Renewed {
    /// When, and at what price.
    pub row: RenewalRow,
    /// Its place among the request's renewals; `None`: it renewed itself.
    pub asked: Option<usize>,
}

/// Every order as the request asks for it, and as an earlier history decided.
pub(crate) fn orders(request: &Request, account: &Account) -> Vec<Order> {
    let done_before = request.opening.as_ref().map(|opening| opening.at).or(request.period.map(|period| period.start));
    let order = |(i, row): (usize, &GrantRow)| {
        let id = row.id.clone().unwrap_or_else(|| format!("g{i}"));
        let asked = row.renewals.iter().enumerate().map(|(j, row)| Renewed { row: row.clone(), asked: Some(j) });
        let Some(before) = account.carried.orders.iter().find(|before| before.grant == id) else {
            return Order { id, bought: true, renewals: asked.collect() };
        };
        let made = before.renewals.iter().map(|made| Renewed {
            row: RenewalRow { at: made.at.0, price: made.price, expiry_day: made.expiry_day },
            asked: if made.automatic { None } else { row.renewals.iter().position(|it| it.at == made.at.0) },
        });
        let later = asked.filter(|renewal| done_before.is_none_or(|done| renewal.row.at >= done));
        Order { id, bought: !before.refused, renewals: made.chain(later).collect() }
    };
    request.grants.iter().enumerate().map(order).collect()
}

/// A request without its usage, and without the orders that are not paid.
pub(crate) fn decided(request: &Request, orders: &[Order]) -> Request {
    let mut decided = Request { usage: Vec::new(), ..request.clone() };
    let rows = request.grants.iter().zip(orders).filter(|(_, order)| order.bought);
    let paid = rows.map(|(row, order)| GrantRow {
        id: row.id.clone().or_else(|| Some(order.id.clone())),
        renewals: order.renewals.iter().map(|renewal| renewal.row.clone()).collect(),
        ..row.clone()
    });
    decided.grants = paid.collect();
    if let Some(opening) = &mut decided.opening {
        // What was not bought in the end is not used either.
        let of = |order: &Order, id: &str| {
            id.strip_prefix(order.id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['#', '+']))
        };
        opening.grants.retain(|row| !orders.iter().any(|order| !order.bought && of(order, &row.id)));
    }
    decided
}

/// An error in a renewal of what was decided, its place in what was asked.
pub(crate) fn placed(error: PricingError, orders: &[Order]) -> PricingError {
    let asked = |place: &str| {
        let (order, rest) = place.strip_prefix("request.grants[")?.split_once("].renewals[")?;
        let (renewal, field) = rest.split_once(']')?;
        let (i, order) = orders.iter().enumerate().filter(|(_, order)| order.bought).nth(order.parse().ok()?)?;
        Some(match order.renewals.get(renewal.parse::<usize>().ok()?)?.asked {
            Some(asked) => format!("request.grants[{i}].renewals[{asked}]{field}"),
            None => "request.account.autoRenew".to_string(),
        })
    };
    match asked(error.place()) {
        Some(place) => PricingError::new(error.code(), place),
        None => error,
    }
}

/// The package on sale at an instant under this id, and its place.
pub(crate) fn on_sale<'a>(catalog: &'a Catalog, request: &'a Request, id: &str, at: Instant) -> Option<(String, &'a Package)> {
    let entered = &request.entered.packages;
    let (list, rows) = if entered.iter().any(|row| row.id == id) { ("request.entered", entered) } else { ("catalog", &catalog.packages) };
    let found = rows.iter().enumerate().find(|(_, row)| row.id == id && row.on_sale(at));
    found.map(|(i, row)| (format!("{list}.packages[{i}].price"), row))
}

/// What an order costs at an instant, all copies; `None` where it is not on sale.
pub(crate) fn price_of(question: &Question, request: &Request, order: usize, at: Instant, typed: Option<Amount>) -> Result<Option<Amount>> {
    let row = &request.grants[order];
    let Some((place, package)) = on_sale(&question.catalog, request, &row.package, at) else { return Ok(None) };
    match typed.or(package.price) {
        Some(price) => price.times(row.quantity.map_or(1, |quantity| quantity.0)).map(Some),
        None => fail(Code::NoPublishedPrice, place),
    }
}

/// A term of the first copy of an order.
pub(crate) fn term_of<'a>(question: &'a Question, order: &str, renewal: usize) -> Option<&'a Grant> {
    let of_order = |grant: &&Grant| {
        grant.purchase().is_some_and(|purchase| purchase.copy == 0 && purchase.renewal == renewal)
            && grant.id.strip_prefix(order).is_some_and(|rest| rest.is_empty() || rest.starts_with('+'))
    };
    question.grants.iter().find(of_order)
}

/// An order that renews itself.
pub(crate) struct AutoRenewal<'a> {
    auto: &'a AutoRenew,
    /// Which of the request's orders.
    pub order: usize,
    /// How often it renewed itself.
    pub times: u64,
    /// The last try in this term, where it was not paid.
    pub unpaid: Option<CarriedTry>,
    /// Nothing was on sale: not tried any more in this term.
    pub stopped: bool,
}

/// Every order that renews itself, looked up.
pub(crate) fn auto_renewals<'a>(account: &'a Account, orders: &[Order]) -> Result<Vec<AutoRenewal<'a>>> {
    let mut autos: Vec<AutoRenewal<'a>> = Vec::new();
    for (i, auto) in account.auto_renew.iter().enumerate() {
        let place = format!("request.account.autoRenew[{i}]");
        let Some(order) = orders.iter().position(|order| order.id == auto.grant) else {
            return fail(Code::UnknownGrant, format!("{place}.grant"));
        };
        if autos.iter().any(|other| other.order == order) {
            return fail(Code::DuplicateId, format!("{place}.grant"));
        }
        if auto.lead_days.is_some_and(|days| days.0 > 365) {
            return fail(Code::CountTooLarge, format!("{place}.leadDays"));
        }
        if auto.until.zip(auto.from).is_some_and(|(until, from)| until <= from) {
            return fail(Code::PeriodReversed, format!("{place}.until"));
        }
        let before = account.carried.orders.iter().find(|before| before.grant == auto.grant);
        autos.push(AutoRenewal {
            auto,
            order,
            times: before.map_or(0, |before| before.renewals.iter().filter(|made| made.automatic).count() as u64),
            unpaid: before.and_then(|before| before.unpaid),
            stopped: before.is_some_and(|before| before.stopped),
        });
    }
    Ok(autos)
}

impl AutoRenewal<'_> {
    /// When it is switched on, where that is said.
    pub fn from(&self) -> Option<Instant> {
        self.auto.from
    }

    /// Whether it renewed itself as often as it may.
    pub fn used_up(&self) -> bool {
        self.auto.times.is_some_and(|times| self.times >= times.0)
    }

    /// Whether it is switched on at the end of a term.
    pub fn on_at(&self, at: Instant) -> bool {
        self.auto.until.is_none_or(|until| until >= at)
    }

    /// The next try after an instant, for a term: at 03:00, from so many days before the term's last day on, until it ends.
    pub fn next_try(&self, question: &Question, term: &Grant, after: Instant) -> Option<Instant> {
        if self.stopped || self.used_up() {
            return None;
        }
        let zone = question.catalog.utc_offset;
        let last = if ends(question, term) == TermEnd::DayEnd { Instant(term.term.end.0 - 1) } else { term.term.end };
        let lead = self.auto.lead_days.map_or(7, |days| days.0 as i64);
        let first = zone.hour_before(last, 0).0 + 3 * HOUR - lead * DAY;
        let earliest = (after.0 + 1).max(term.created.0 + 1).max(self.auto.from.map_or(first, |from| from.0));
        let days = (earliest - first).max(0);
        let at = Instant(first + (days + DAY - 1) / DAY * DAY);
        (at < term.term.end && self.auto.until.is_none_or(|until| at < until)).then_some(at)
    }
}

/// At which second a term's package ends.
fn ends(question: &Question, term: &Grant) -> TermEnd {
    let Some(purchase) = term.purchase() else { return TermEnd::DayEnd };
    let rows = if purchase.entered { &*question.entered_packages } else { &question.catalog.packages };
    rows.get(purchase.version).map_or(TermEnd::DayEnd, |row| row.term.ends)
}
