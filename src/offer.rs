//! What could be bought: the packages on sale for what is called, and what a call costs in each.

use crate::answer::Offer;
use crate::catalog::{Package, Unit, validity};
use crate::error::Result;
use crate::money::Amount;
use crate::purchase::sold;
use crate::question::Question;
use crate::usage::Stream;

/// Packages on sale at some instant of the period, for an API and region that are called.
pub fn offers(question: &Question) -> Result<Vec<Offer>> {
    let mut offers = Vec::new();
    for (entered, package) in question.packages() {
        let on_sale = validity(package.from, package.until);
        if on_sale.start >= question.period.end || question.period.start >= on_sale.end {
            continue;
        }
        let serves = |stream: &&Stream| {
            let (api, region) = (&question.catalog.apis[stream.api], &question.catalog.regions[stream.region].id);
            sold(package, entered, api, region)
        };
        if let Some(stream) = question.streams.iter().find(serves) {
            offers.push(offer(question, package, entered, stream)?);
        }
    }
    Ok(offers)
}

fn offer(question: &Question, package: &Package, entered: bool, stream: &Stream) -> Result<Offer> {
    let quota = package.quota.0;
    let price = package.price.filter(|_| package.unit == Unit::Call);
    let version =
        question.price_version(stream.api, stream.region, question.period.start, None).map(|index| question.ladder(index).tariff());
    let alone = version.and_then(|tariff| tariff.steps[0].unit_price.map(|price| price.times_per(quota, tariff.per))).transpose()?;
    Ok(Offer {
        package: package.id.clone(),
        quota,
        unit: package.unit,
        price: package.price,
        per_call: price.map(|price| price.each(quota)),
        share_of_pay_per_use: price.zip(alone).map(|(price, alone)| price.share_of(alone)).filter(|_| alone != Some(Amount::ZERO)),
        entered,
    })
}
