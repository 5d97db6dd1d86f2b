//! An account's money: balance, vouchers, credit line, what is due and what is owed (L1–L3, P7).
//!
//! Always true: what came in, and what it had, is what went out, and what it has.

use crate::account::{Account, Carried, CarriedCause, CarriedCycle, CarriedDue, Moment, Signed};
use crate::bill::{CauseShare, add_share};
use crate::book::span;
use crate::count::{COUNT_MAX, Count};
use crate::error::{Code, Result, fail};
use crate::explain::Cause;
use crate::history::{Movement, MovementKind};
use crate::money::Amount;
use crate::question::Question;
use crate::sort::sort_by_key;
use crate::time::{Instant, Period};

/// What is to be paid for a cycle; or what rounding gives or takes.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    /// When it is debited.
    pub at: Instant,
    /// How much; below zero where it is given back.
    pub amount: Amount,
    /// The cycle; `None`: rounding.
    pub cycle: Option<Period>,
    /// Why it cost money.
    pub causes: Vec<CauseShare>,
}

/// The money of an account at an instant.
pub(crate) struct Purse<'a> {
    question: &'a Question,
    /// Below zero where it owes.
    pub balance: Amount,
    /// Vouchers and coupons.
    pub vouchers: Amount,
    credit: Amount,
    other_payment: bool,
    /// Since when it is in arrears.
    pub since: Option<Instant>,
    /// What came due in arrears.
    owed: Vec<Due>,
    /// What is due later, in order.
    due: Vec<Due>,
    /// What calls were charged for since the last top-up; in arrears, up to where they began.
    pub causes: Vec<CauseShare>,
    /// What moved so far.
    pub movements: Vec<Movement>,
}

impl<'a> Purse<'a> {
    /// The money that the period starts with.
    pub fn new(question: &'a Question, account: &Account) -> Result<Self> {
        let carried = &account.carried;
        countable(question, carried)?;
        Ok(Purse {
            question,
            balance: account.balance.0,
            vouchers: account.vouchers,
            credit: account.credit,
            other_payment: account.other_payment,
            since: carried.since.map(|since| since.0),
            owed: dues(&carried.owed, "request.account.carried.owed")?,
            due: dues(&carried.due, "request.account.carried.due")?,
            causes: shares(&carried.causes, "request.account.carried.causes")?,
            movements: Vec::new(),
        })
    }

    /// What can be paid without vouchers: the balance and the credit line.
    pub fn available(&self) -> Result<Amount> {
        self.balance.plus(self.credit)
    }

    /// What can be paid.
    pub fn means(&self) -> Result<Amount> {
        self.available()?.plus(self.vouchers)
    }

    /// What came due in arrears and was not taken yet.
    pub fn owes(&self) -> Result<Amount> {
        self.owed.iter().try_fold(Amount::ZERO, |sum, due| sum.plus(due.amount))
    }

    /// What was not taken yet, and of that also what is due later.
    pub fn outstanding(&self) -> Result<Amount> {
        self.due.iter().try_fold(self.owes()?, |sum, due| sum.plus(due.amount))
    }

    /// The next instant at which something is due.
    pub fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|due| due.at)
    }

    /// Puts down what will be due. Nothing is due for nothing.
    pub fn put_down(&mut self, due: Due) {
        if due.amount != Amount::ZERO {
            self.due.push(due);
            // At one instant what rounding gives or takes comes last.
            sort_by_key(&mut self.due, |due| (due.at, due.cycle.is_none()));
        }
    }

    /// Money comes in, as a row of the request says; what is owed is taken at once. Whether that ends arrears.
    pub fn top_up(&mut self, at: Instant, row: usize, amount: Amount) -> Result<bool> {
        self.balance = self.balance.plus(amount)?;
        if self.balance > Amount::READABLE_MAX {
            return fail(Code::AmountTooLarge, format!("request.account.topUps[{row}].amount"));
        }
        self.write(at, MovementKind::TopUp, amount, None, None);
        for due in std::mem::take(&mut self.owed) {
            self.take(at, &due)?;
        }
        let over = self.since.is_some() && self.available()? > Amount::ZERO;
        if over {
            self.since = None;
        }
        // What led into arrears that last is still their cause.
        if self.since.is_none() {
            self.causes.clear();
        }
        Ok(over)
    }

    /// Takes everything that is due now; in arrears it is owed instead. Whether arrears begin.
    pub fn settle(&mut self, at: Instant) -> Result<bool> {
        let count = self.due.iter().take_while(|due| due.at <= at).count();
        for due in self.due.drain(..count).collect::<Vec<_>>() {
            if self.since.is_some() {
                self.owed.push(due);
                continue;
            }
            for share in &due.causes {
                add_share(&mut self.causes, *share)?;
            }
            self.take(at, &due)?;
        }
        self.look(at)
    }

    /// Whether arrears begin now: the available credit is below zero, and nothing else pays (L1).
    pub fn look(&mut self, at: Instant) -> Result<bool> {
        let begin = self.since.is_none() && !self.other_payment && self.available()? < Amount::ZERO;
        if begin {
            self.since = Some(at);
        }
        Ok(begin)
    }

    fn take(&mut self, at: Instant, due: &Due) -> Result<()> {
        let kind = if due.cycle.is_some() { MovementKind::PayPerUse } else { MovementKind::Rounding };
        if due.amount > Amount::ZERO {
            return self.pay(at, due.amount, kind, None, due.cycle);
        }
        self.balance = self.balance.minus(due.amount)?;
        self.write(at, kind, Amount::ZERO.minus(due.amount)?, None, due.cycle);
        Ok(())
    }

    /// How much has to come in for an order of this price to be paid; `None`: nothing. In arrears nothing can be bought that costs something (L4).
    pub fn missing_for(&self, price: Amount, at: Instant) -> Result<Option<Amount>> {
        let mut missing = price.plus(self.owes()?)?.minus(self.means()?)?;
        let payable = price == Amount::ZERO || self.other_payment || (self.since.is_none() && missing <= Amount::ZERO);
        if let Some(since) = self.since {
            // Arrears end only above zero; those that begin now are kept off by what leaves zero.
            let above = if since < at { Amount::CENT } else { Amount::ZERO };
            missing = missing.max(self.wanting()?.plus(above)?);
        }
        Ok((!payable).then_some(missing))
    }

    /// More than so much has to come in for arrears to end: what is owed is taken at once, out of vouchers first.
    pub fn wanting(&self) -> Result<Amount> {
        let mut charges = self.owed.iter().map(|due| due.amount).filter(|&amount| amount > Amount::ZERO);
        let by_vouchers = charges.try_fold(Amount::ZERO, Amount::plus)?.min(self.vouchers);
        self.owes()?.minus(by_vouchers)?.minus(self.available()?)
    }

    /// Pays for an order.
    pub fn buy(&mut self, at: Instant, price: Amount, kind: MovementKind, order: &str) -> Result<()> {
        if price > Amount::ZERO { self.pay(at, price, kind, Some(order), None) } else { Ok(()) }
    }

    /// Vouchers pay first, then the balance; another payment method brings what is missing.
    fn pay(&mut self, at: Instant, amount: Amount, kind: MovementKind, order: Option<&str>, cycle: Option<Period>) -> Result<()> {
        let missing = amount.minus(self.means()?)?;
        if self.other_payment && missing > Amount::ZERO {
            self.balance = self.balance.plus(missing)?;
            self.write(at, MovementKind::OtherPayment, missing, None, None);
        }
        let by_voucher = amount.min(self.vouchers);
        self.vouchers = self.vouchers.minus(by_voucher)?;
        self.balance = self.balance.minus(amount)?.plus(by_voucher)?;
        self.write(at, kind, Amount::ZERO.minus(amount)?, order, cycle);
        Ok(())
    }

    fn write(&mut self, at: Instant, kind: MovementKind, amount: Amount, order: Option<&str>, cycle: Option<Period>) {
        self.movements.push(Movement {
            at: self.question.catalog.utc_offset.show(at),
            kind,
            amount,
            balance: self.balance,
            vouchers: self.vouchers,
            grant: order.map(str::to_string),
            cycle: cycle.map(|cycle| span(self.question, cycle)),
        });
    }

    /// What the next history takes over.
    pub fn carry(&self, carried: &mut Carried) {
        carried.since = self.since.map(Moment);
        carried.owed = self.owed.iter().map(carried_due).collect();
        carried.due = self.due.iter().map(carried_due).collect();
        carried.causes = carried_causes(&self.causes);
    }
}

fn carried_due(due: &Due) -> CarriedDue {
    let cycle = due.cycle.map(|cycle| CarriedCycle { start: Moment(cycle.start), end: Moment(cycle.end) });
    CarriedDue { at: Moment(due.at), amount: Signed(due.amount), cycle, causes: carried_causes(&due.causes) }
}

fn carried_causes(shares: &[CauseShare]) -> Vec<CarriedCause> {
    let amount = |share: &CauseShare| Signed(share.amount.unwrap_or(Amount::ZERO));
    shares
        .iter()
        .map(|share| CarriedCause { code: share.cause.code().to_string(), calls: Count(share.calls), amount: amount(share) })
        .collect()
}

/// Calls are counted exactly up to the largest whole number that JavaScript knows.
fn countable(question: &Question, carried: &Carried) -> Result<()> {
    let mut calls = u128::from(question.volume());
    let at = |field: &'static str| move |i: usize, j: usize| format!("request.account.carried.{field}[{i}].causes[{j}].calls");
    let (owed, due) = (at("owed"), at("due"));
    let of_dues = |rows: &[CarriedDue], at: &dyn Fn(usize, usize) -> String| -> Vec<(u64, String)> {
        let causes =
            rows.iter().enumerate().flat_map(|(i, row)| row.causes.iter().enumerate().map(move |(j, cause)| (i, j, cause.calls.0)));
        causes.map(|(i, j, calls)| (calls, at(i, j))).collect()
    };
    let own = carried.causes.iter().enumerate().map(|(i, cause)| (cause.calls.0, format!("request.account.carried.causes[{i}].calls")));
    for (more, place) in own.chain(of_dues(&carried.owed, &owed)).chain(of_dues(&carried.due, &due)) {
        calls += u128::from(more);
        if calls > u128::from(COUNT_MAX) {
            return fail(Code::CountTooLarge, place);
        }
    }
    Ok(())
}

fn dues(rows: &[CarriedDue], place: &str) -> Result<Vec<Due>> {
    let due = |(i, row): (usize, &CarriedDue)| {
        let cycle = row.cycle.map(|cycle| Period { start: cycle.start.0, end: cycle.end.0 });
        let causes = shares(&row.causes, &format!("{place}[{i}].causes"))?;
        Ok(Due { at: row.at.0, amount: row.amount.0, cycle, causes })
    };
    rows.iter().enumerate().map(due).collect()
}

fn shares(rows: &[CarriedCause], place: &str) -> Result<Vec<CauseShare>> {
    let share = |(i, row): (usize, &CarriedCause)| match Cause::of(&row.code) {
        Some(cause) => Ok(CauseShare { cause, calls: row.calls.0, amount: Some(row.amount.0) }),
        None => fail(Code::InvalidValue, format!("{place}[{i}].code")),
    };
    rows.iter().enumerate().map(share).collect()
}
