//! What a chosen reading changes: the same request under the default one, call by call.

use crate::answer::Account;
use crate::calls::Fate;
use crate::profile::find;
use crate::seen_names::ALL;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Counts every reading that was chosen, and apart those without which a call, a draw or a price would have been another.
pub fn changed(request: &Value, account: &mut Account) {
    let Some(chosen) = request["profile"].as_object() else { return };
    let effect = Effect::of(account);
    let mut others = 0;
    for (profile, option) in chosen {
        let first = &find(&request["catalog"]["profiles"], profile)["options"][0]["id"];
        let name = format!("{profile} {}", option.as_str().unwrap());
        let Some(name) = ALL.iter().find(|other| **other == name) else { continue };
        if option == first {
            continue;
        }
        others += 1;
        account.seen.add(name);
        let default = Effect::of(&Account::new(&switched(request, profile, first)));
        let changed = ALL.iter().find(|other| other.strip_prefix(*name).is_some_and(|rest| rest.starts_with(" changed")));
        account.seen.add_if(effect != default, changed.unwrap());
    }
    account.seen.add_if(others > 1, "two readings at once");
}

/// The request with another option of one profile.
fn switched(request: &Value, profile: &str, option: &Value) -> Value {
    let mut switched = request.clone();
    switched["profile"][profile] = option.clone();
    switched
}

/// Who paid for how many calls of each caller in each cycle, and what is charged for them.
#[derive(PartialEq)]
struct Effect {
    payers: BTreeMap<String, u64>,
    charged: Vec<Value>,
    total: Option<i128>,
}

impl Effect {
    fn of(account: &Account) -> Effect {
        let (world, mut payers) = (&account.world, BTreeMap::new());
        for call in account.calls.iter().filter(|call| account.asked[call.asked].at >= world.start) {
            let asked = &account.asked[call.asked];
            let payer = match &call.fate {
                Fate::NotCounted => "nobody",
                Fate::Rejected(code) => code,
                Fate::Charged { .. } => "money",
                Fate::Drawn { grant, .. } => &world.grants[*grant].id,
            };
            let caller = (asked.api, asked.region, &asked.project, &asked.user);
            *payers.entry(format!("{:?} {caller:?} {payer}", world.cycle(asked.at))).or_default() += 1;
        }
        let charged =
            |line: &crate::bill::Line| json!([line.cycle, line.api, line.region, line.project, line.charged.map(crate::money::show)]);
        Effect { payers, charged: account.lines.iter().map(charged).collect(), total: account.total() }
    }
}
