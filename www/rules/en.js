// The rulebook in English, in our own words; `zh-CN.js` has the same keys. What a document says stands first; what it leaves
// open and we had to decide says “we”. As in `../text/`, a function takes the provider's nouns (`package`, `packages`,
// `Packages`, `payPerUse`, `PayPerUse`). No imports: the page and the rule page both read this.

/** @typedef {Record<string, any>} Args */
/** @typedef {{ title: string, section?: string, date?: string }} Document */

/** @param {string} [section] @returns {Document} */
const guide = (section) => ({ title: 'Huawei Cloud OCR billing guide (文字识别服务 计费说明 01)', section, date: '2025-04-28' })
/** @type {Document} */
const overview = { title: 'Huawei Cloud OCR, International: Billing, Overview' }
/** @type {Document} */
const product = { title: 'Huawei Cloud OCR, International: product page, Billing Items and Modes' }
/** @type {Document} */
const arrears = { title: 'Huawei Cloud OCR, International: Billing, Arrears' }
/** @param {string} [section] @returns {Document} */
const alibaba = (section) => ({ title: 'Alibaba Cloud OCR: Billing', section })
/** @param {string} [section] @returns {Document} */
const tencent = (section) => ({ title: 'Tencent Cloud OCR, China: billing overview (文字识别 计费概述)', section })
/** @type {Document} */
const tencentFaq = { title: 'Tencent Cloud OCR, China: FAQ for new customers (文字识别 新手常见问题)' }
/** @type {Document} */
const tencentArrears = { title: 'Tencent Cloud OCR, China: overdue payments (文字识别 欠费说明)' }
/** @type {Document} */
const fraction = { title: 'Huawei Cloud billing FAQ (China): how the cut-off amount arises (抹零金额是如何产生的，抹零规则是什么)' }
/** @type {Document} */
const roundDown = { title: 'Alibaba Cloud, International: FAQ on the Round Down Discount' }
/** @type {Document} */
const precision = { title: 'Huawei Cloud, International: Partner Bill Description', section: 'Bill Precision' }

export default {
  // The first letters of the rule ids.
  groups: {
    N: 'What is counted',
    G: 'Which calls a package covers',
    D: 'What is used first',
    T: 'Packages in time',
    P: 'Pay-per-use',
    R: 'Rounding',
    F: 'Free quota',
    Q: 'Queries per second',
    W: 'Why a call was charged',
    K: 'Where official texts disagree',
    L: 'Balance, arrears, budgets',
  },

  rules: {
    N1: {
      title: 'Only successful calls count',
      text: 'A call is counted when its HTTP status is 2xx. Any other status costs nothing and takes nothing from a package or free quota. Where a provider answers failed requests with 200 as well, N4 says what counts.',
      documents: [guide('1'), guide('2.2'), product],
    },
    N2: {
      title: 'A poor result counts too',
      text: 'A call with status 2xx counts even when the text was read badly or the picture was the wrong one.',
      documents: [guide('11.10')],
    },
    N3: {
      title: 'The account pays for its users',
      text: 'Calls are counted per account. What its IAM users call is the account’s, and the account’s packages serve all of them.',
      documents: [guide('11.7')],
    },
    N4: {
      title: 'What “successful” means',
      text: 'Huawei Cloud goes by the HTTP status, and we take the same for Alibaba Cloud, which does not say. Tencent Cloud answers every request that it processed with status 200, errors too, so its error code tells: a request counts when it has none or 0, and with each of the codes that its list names as billed although the request failed. A request with another status was not processed and does not count, whatever its code.',
      documents: [guide('1'), { title: 'Tencent Cloud OCR, China: error codes and billing (文字识别 错误码计费说明)' }, { title: 'Tencent Cloud API: responses (返回结果)' }],
    },
    G1: {
      title: 'One package, one API',
      text: 'A Huawei Cloud package serves exactly the API it was bought for, no other.',
      documents: [guide('11.11')],
    },
    G2: {
      title: 'A package works in its own region only',
      text: 'A Huawei Cloud package or free trial serves calls to the endpoint of its own region; where the caller sits does not matter. Alibaba Cloud has one endpoint, so there is nothing to mix up.',
      documents: [overview, arrears, guide('2.1'), guide('8')],
    },
    G3: {
      title: 'Dedicated and shared plans',
      text: 'At Alibaba Cloud a dedicated resource plan serves one API, a shared plan many. The unified OCR API takes shared plans only.',
      documents: [alibaba('Resource plans (subscription)')],
    },
    G4: {
      title: 'Calls or points',
      text: 'A plan is counted in calls or in points, and an API may take several points for one call. The document does not say what happens to a remainder; we pass over a plan that has fewer points left than the call needs.',
      documents: [alibaba('Resource plans (subscription)')],
    },
    G5: {
      title: 'Packages bound to a project',
      text: 'A package bound to an enterprise project serves only calls that carry this project; a package bound to none serves all.',
      documents: [guide('11.8'), guide('11.12')],
    },
    G6: {
      title: 'From its start to its expiry',
      text: 'A package or free quota serves calls from the instant it takes effect to the instant it expires. What is left then is lost.',
      documents: [product],
    },
    G7: {
      title: 'Packages add up',
      text: 'Several packages can be used together, also several of one kind. A figure in the guide says that they cannot be stacked; we follow the text, and K5 offers the other reading.',
      documents: [overview, guide('2.1'), guide('4, figure 4-1'), guide('5.3')],
    },
    D1: {
      title: 'What is used first at Huawei Cloud',
      text: 'First the free entitlement, then promotional packages, then bought ones, and what remains is pay-per-use. Two passages name different steps; we read them as one list.',
      documents: [guide('5.3'), guide('11.8'), product],
    },
    D2: {
      title: 'What is used first at Alibaba Cloud',
      text: 'First the free quota, then dedicated plans, then shared plans, and what remains is pay-as-you-go.',
      documents: [alibaba('Billing types')],
    },
    D3: {
      title: 'Which package goes first',
      text: 'Among packages of one class the one created earlier goes first; created together, the one effective earlier; effective together, the one that expires earlier. We read this as one chain, and where the texts turn in a circle the order of purchase decides.',
      documents: [guide('5.3'), product],
    },
    D4: {
      title: 'Project packages go first',
      text: 'For a call that carries an enterprise project, packages bound to this project go before unbound ones; the rest is taken from unbound ones.',
      documents: [guide('11.8')],
    },
    D5: {
      title: 'Limited-time packages go first',
      text: 'A limited-time package goes before others. The guide does not say how this combines with the other rules; we apply it inside a class, after packages of the call’s project.',
      documents: [guide('11.8')],
    },
    D6: {
      title: 'The whole order is a list',
      text: 'Each provider’s order of deduction is a list of keys in its price file. Where a provider states no order inside a class, as Alibaba Cloud does, we take the one that expires first, then the one bought first, and say that this is an assumption.',
      documents: [guide('11.8'), alibaba('Billing types')],
    },
    D7: {
      title: 'What is used first at Tencent Cloud',
      text: 'First the free package, then paid packages in the order in which they take effect, and what remains is pay-as-you-go. Of two that take effect at the same second nothing is said; we let the one bought first go first.',
      documents: [tencent('计费与结算方式'), tencentFaq],
    },
    T1: {
      title: 'The clock is UTC+8',
      text: 'Every time of day in the rules is UTC+8 without daylight saving, wherever the reader or the caller is.',
      documents: [guide('2.2'), guide('2.3')],
    },
    T2: {
      title: 'How long a package lasts',
      text: 'A term starts at the second of purchase, or on the chosen day, and ends on the same day a year later at 23:59:59. We count that last second in; where the last month has no such day, the term ends on the month’s last day; a chosen day starts at 00:00:00.',
      documents: [guide('2.2')],
    },
    T3: {
      title: 'A renewal is a further term',
      text: 'Renewed before expiry, the next term starts at the old 23:59:59 and ends one renewal length later. It is paid and priced at the instant of renewal. We count it as a package of its own with a fresh quota; what the old term leaves is not carried over.',
      documents: [guide('2.2'), guide('7'), guide('11.1')],
    },
    T4: {
      title: 'Choosing the start',
      text: 'In China a package takes effect at once or on a chosen day; on the International site always at once.',
      documents: [guide('2.1'), product],
    },
    T5: {
      title: 'Used up or expired means pay-per-use',
      text: 'Nothing is extended by itself. When a package is used up or has expired and no other can serve the call, the API goes on at the pay-per-use price.',
      documents: [overview, guide('5.2')],
    },
    T6: {
      title: 'Automatic renewal',
      text: 'The first attempt comes 7 days before expiry at 03:00 (UTC+8), a lead that can be changed, then one every day at 03:00 until it is paid or the package expires. A renewal by hand in between moves the next attempt to 7 days before the new expiry. It is switched on before expiry, and switched off before the day of the debit it costs nothing. We let each attempt ask the list price of its second for all copies of an order together, and count only paid renewals towards the number chosen.',
      documents: [guide('6.1'), guide('6.3'), guide('9')],
    },
    T7: {
      title: 'One expiry day for all',
      text: 'At renewal the expiry date can be moved to one day of the month. We move it later, to the next such day; a month without it ends on its last day, and later renewals keep the day. The documents give no price for the extra days, so we show the days and ask for the price.',
      documents: [guide('6.2')],
    },
    T8: {
      title: 'Refunds',
      text: 'Huawei Cloud China does not refund packages; Alibaba Cloud has a process of its own for each sales channel without published rules; the International documents are silent. We never compute a refund.',
      documents: [guide('9'), guide('11.5'), alibaba('Sales channels')],
    },
    T9: {
      title: 'When a price changes',
      text: 'What was bought keeps its price. A new price holds for purchases and renewals from its first instant on; pay-per-use that already runs on an old price ladder keeps it.',
      documents: [guide('11.1')],
    },
    P1: {
      title: 'Pay-per-use is the default',
      text: 'Once an API is subscribed to, calls are pay-per-use unless something prepaid covers them. At Alibaba Cloud every recognition service is activated on its own, and pay-as-you-go cannot be switched off. A call of a log that succeeded in a region in which the price list does not have its API shows, as we take it, that it is sold there, and counts.',
      documents: [overview, guide('2.1'), alibaba('Pay-as-you-go')],
    },
    P2: {
      title: 'A call needs an open API',
      text: 'A call must find its API opened for its user in the region called, else it fails and costs nothing. We take a subscription without a named user as one for everybody, and a purchase as an opening too, until the API is switched off.',
      documents: [overview, guide('2.1'), guide('11.4')],
    },
    P3: {
      title: 'Settled every hour',
      text: 'At Huawei Cloud the calls of each full hour are settled together, and an hour without a charged call has no line. A charge belongs to the time of use; the debit comes later, by our reading one hour after the hour’s end, so 8:00–9:00 is debited at 10:00.',
      documents: [guide('2.3'), guide('7'), guide('9'), guide('11.6')],
    },
    P4: {
      title: 'Monthly price ladders',
      text: 'All charged calls of one API in a calendar month climb one ladder, and free calls do not climb it; at Alibaba Cloud each slice has its own price, at Tencent Cloud the step that is reached prices them all. We let calls covered by plans not climb it either. When a price changes within a month, we count on: the new price starts where the month has climbed to. Above the last published step there is no price. Alibaba Cloud’s bill comes on the 1st of the next month, and its purchase page prevails.',
      documents: [alibaba('Pay-as-you-go'), alibaba('Billing examples'), tencent('计费与结算方式')],
    },
    P5: {
      title: 'The Marketplace sells plans only',
      text: 'On the Alibaba Cloud Marketplace there is nothing to activate, no free quota and no pay-as-you-go. The document does not say what happens when plans run out; we let calls fail and cost nothing.',
      documents: [alibaba('Sales channels')],
    },
    P6: {
      title: 'Switching a service off',
      text: 'From the switch-off on nothing is charged, but the hour in which it happens, and one that has ended without being debited, are still billed afterwards.',
      documents: [guide('9'), guide('11.4')],
    },
    P7: {
      title: 'A package is paid at once',
      text: 'The price of a package is one line of the bill at the instant of payment, and the balance must suffice for it.',
      documents: [guide('1'), guide('7')],
    },
    P8: {
      title: 'Pay-as-you-go behind a switch',
      text: 'At Tencent Cloud, customers who activated the service since 14 December 2021 have to switch pay-as-you-go on; for earlier ones it comes on by itself and can be switched off. While it is off, calls that nothing covers fail and cost nothing. Unless you say that it is off, we take it as on.',
      documents: [tencentFaq],
    },
    P9: {
      title: 'The provider’s own code of a refusal',
      text: 'A call to an API that is not open fails with the provider’s own code: ModelArts.4204 at Huawei Cloud, FailedOperation.UnOpenError at Tencent Cloud in China. Where we know of none, no code of another provider is borrowed: the answer says not_open.',
      documents: [overview, guide('2.1'), { title: 'Tencent Cloud OCR, China: error codes and billing (文字识别 错误码计费说明)' }],
    },
    R1: {
      title: 'Rounding',
      text: 'Slices are computed exactly, then each line is cut, then the bill, and what is cut off is shown. Huawei Cloud China cuts every hourly line to two decimals; its International site rounds the month’s total half up; Alibaba Cloud cuts lines to three decimals and the month to two. Where a provider publishes this only for another site, we assume it.',
      documents: [fraction, precision, roundDown],
    },
    F1: {
      title: 'Free quotas',
      text: 'At Alibaba Cloud each recognition API has 200 free calls per calendar month, and all verification APIs together 50 once per account, on the official site only; Tencent Cloud gives most APIs 1,000 a month. We give the month of activation its full quota; what a month leaves is lost.',
      documents: [alibaba('Free quota'), tencent()],
    },
    F2: {
      title: 'The former 1,000 free calls',
      text: 'Huawei Cloud’s 1,000 free calls a month are retired. The notice gives no day of its own; we take the day of its price change, 2022-03-01 00:00.',
      documents: [guide('11.1')],
    },
    Q1: {
      title: 'Queries per second',
      text: 'Alibaba Cloud includes 10 queries per second per API; add-on packages raise that. They can be bought directly for ID card, high-definition full text and general text, for other APIs through support only. At Tencent Cloud the band that the number bought reaches prices all of them.',
      documents: [alibaba('QPS add-on packages'), { title: 'Alibaba Cloud OCR: QPS add-on packages' }, tencent('QPS 叠加包')],
    },
    L1: {
      title: 'When an account is in arrears',
      text: 'An account is in arrears when its available credit is less than the bills to settle and no other payment method is configured. We test this at each debit: exactly zero is no arrears. We let vouchers pay before the balance.',
      documents: [guide('2.3'), guide('8'), arrears],
    },
    L2: {
      title: 'Five ways into arrears',
      text: 'A package bought in another region than called; a free trial in another region; another service bought than called; a package expired or used up and not replaced; pay-per-use open without a package. We name those that caused what came due since the last top-up, the dearest first.',
      documents: [guide('8'), arrears],
    },
    L3: {
      title: 'Grace, retention, release',
      text: 'Pay-per-use in arrears first enters a grace period, in which it works and is collected at the next top-up, then a retention period, in which it is frozen, then it is released. We restore it at the instant a top-up makes the available credit positive, also at the very second at which a period ends. After a release a new subscription or purchase opens it again.',
      documents: [guide('2.3'), guide('11.9'), arrears],
    },
    L4: {
      title: 'Packages during arrears',
      text: 'Calls covered by a package go on while buying and renewing fail. One section of the China guide says that every call fails instead; we follow the others, and K6 offers this reading.',
      documents: [arrears, guide('8'), guide('11.3'), guide('11.9')],
    },
    L5: {
      title: 'States of an expired package',
      text: 'An expired package passes through grace and retention and is released unless renewed. We read these as states of the package, not of the API: from its expiry on it serves nothing and calls are pay-per-use. After the release there is nothing to renew.',
      documents: [guide('6.1')],
    },
    L6: {
      title: 'How long grace and retention last',
      text: 'Both depend on the customer tier. The guides give no numbers; they are data of the price file or typed in, never invented. We count days of 24 hours, to the second.',
      documents: [guide('2.2'), arrears],
    },
    L7: {
      title: 'Alerts for balance and packages',
      text: 'The balance alert fires when available credit, general vouchers and cash coupons together fall below its threshold, and again after they were at or above it. The package alert fires at or below a remaining percentage, counted over all packages for the same API in the same region; a purchase or renewal arms it again when it comes into force.',
      documents: [guide('8'), guide('11.6'), arrears],
    },
    L8: {
      title: 'Budgets',
      text: 'A budget has an amount per day, month, quarter or year and a scope, and alerts when actual or forecast spend passes a percentage. We judge it at the end of each settlement cycle, once per threshold and period, and only strictly above. The guide gives no method of forecasting; ours adds to the spend so far the mean of the last 168 cycles, with at least 24, for the cycles left.',
      documents: [guide('10')],
    },
    L9: {
      title: 'Splitting costs',
      text: 'Costs can be split by enterprise project and by linked account. We split them by project, user, API and region; where one charge belongs to several users, each bears what its calls cost, and the last cents go to the largest remainders, so that the parts add up.',
      documents: [guide('10'), guide('11.12')],
    },
    L10: {
      title: 'Arrears at Alibaba Cloud',
      text: 'An overdue payment interrupts the service. No periods are published for OCR, so we state none: from the debit that is not covered until the top-up, calls that nothing covers fail.',
      documents: [alibaba('Pay-as-you-go')],
    },
    L11: {
      title: 'Stopped after an unpaid debit',
      text: 'Tencent Cloud settles on the 1st to 3rd of the next month. When the debit takes the balance below zero, the service stops 24 hours later, and packages pause although quota is left; once paid, both go on by themselves. We debit on the 1st at 00:00, let free quotas pause with the packages, and start the service again in the second in which a top-up makes the available credit greater than zero; when that is before the stop, nothing stops. No term gets longer. Whether packages go on is a field of the price file.',
      documents: [tencentArrears],
    },
    W1: {
      title: 'Why a call was charged',
      text: 'The documents list why somebody pays although there is a package. We give each charged call exactly one cause, the first that fits, judged at the instant of the call.',
      documents: [guide('8'), guide('11.2'), guide('11.4'), arrears],
    },
    K1: {
      title: 'Two readings: order among packages',
      text: 'The OCR billing guide lets the package created first go first; the general billing FAQ the one that expires first. We follow the guide unless you switch.',
      documents: [guide('5.3'), { title: 'Huawei Cloud billing FAQ (China): how packages of the same scope are deducted (限制场景相同的资源包如何进行扣减)' }],
    },
    K2: {
      title: 'Two readings: free calls first or last',
      text: 'The guide uses free calls before packages. An International page lists packages and pay-per-use only and an older FAQ keeps free calls outside this order, which we read as after packages. We follow the guide unless you switch.',
      documents: [
        guide('5.3'),
        { title: 'Huawei Cloud OCR, International: What Is Fee Deduction Order for Pay-per-Use and Package?', date: '2024-05-21' },
        { title: 'Huawei Cloud OCR FAQ: What Is the Package Deduction Sequence?' },
      ],
    },
    K3: {
      title: 'Two readings: “limited” packages',
      text: 'The English text speaks of packages limited in time, which only go first. The Chinese word and an older English text can mean packages that serve certain hours only. By this reading we let them serve only calls within hours that you type in.',
      documents: [
        { title: 'Huawei Cloud OCR, International: What Is Fee Deduction Order for Multiple Packages?', date: '2023-12-06' },
        guide('11.8'),
        { title: 'Huawei Cloud OCR FAQ: What Is the Package Deduction Sequence?' },
      ],
    },
    K4: {
      title: 'Two sites: the start of a package',
      text: 'China lets one choose the day on which a package starts, the International site says that this cannot be chosen. These are two offers, not two readings: each price file says which holds.',
      documents: [guide('2.1'), product],
    },
    K5: {
      title: 'Two readings: several packages at once',
      text: 'The guide’s text says that packages add up; a figure in it says that they cannot be stacked. By the figure we let a package wait, unused, while an earlier one for the same API and region still has quota.',
      documents: [guide('5.3'), guide('4, figure 4-1')],
    },
    K6: {
      title: 'Two readings: calls in arrears',
      text: 'Most passages let calls covered by packages go on in arrears, and all calls in the grace period; one says that no call gets through. We follow the many unless you switch.',
      documents: [arrears, guide('11.3'), guide('8')],
    },
    K7: {
      title: 'Two readings: the hour of the purchase',
      text: 'The guide’s example lets a package serve only calls after its purchase. By the general billing FAQ usage is compared with a package hour by hour, and we then let a package serve every call of an hour that its term touches.',
      documents: [guide('5.1'), { title: 'Huawei Cloud billing FAQ: Why Was My Pay-per-Use Usage Not Deducted from My Resource Package?' }],
    },
    K8: {
      title: 'Two readings: rounding',
      text: 'China cuts every settlement to two decimals, which makes many small hours cheaper than their sum; other pages round only the month, and an older one cut it off. You can switch.',
      documents: [fraction, precision],
    },
    K9: {
      title: 'Two readings: a late renewal',
      text: 'A renewal after expiry starts at the old expiry by the International page, and at the instant of renewal by the guide, whose day of the month we then keep. We follow the International page unless you switch.',
      documents: [{ title: 'Huawei Cloud, International: Renewal Rules' }, guide('2.2')],
    },
  },

  // Why a charged call was charged: what happened, and the rule behind it.
  causes: {
    other_project: { rule: 'G5', text: (/** @type {Args} */ a) => `A ${a.package} for this API and region had quota left, but it is bound to another enterprise project than the call carries.` },
    used_up: { rule: 'T5', text: (/** @type {Args} */ a) => `The ${a.package} or the free quota for this API and region was used up at that moment, so the call went on at the ${a.payPerUse} price.` },
    expired: { rule: 'G6', text: (/** @type {Args} */ a) => `The ${a.package} for this API and region had expired before the call; what was left in it was lost.` },
    not_yet_effective: { rule: 'G6', text: (/** @type {Args} */ a) => `The ${a.package} for this API and region took effect only after the call; it pays nothing backwards.` },
    waiting: { rule: 'K5', text: (/** @type {Args} */ a) => `The ${a.package} had quota left, but by the chosen reading ${a.packages} do not add up: it waits while an earlier one is in force.` },
    outside_hours: { rule: 'K3', text: (/** @type {Args} */ a) => `The ${a.package} had quota left, but serves only certain hours of the day, and the call lay outside them.` },
    free_trial_other_region: { rule: 'G2', text: 'There was free quota left for this API, but in another region than the one called.' },
    other_region: { rule: 'G2', text: (/** @type {Args} */ a) => `A ${a.package} for this API had quota left, but in another region than the one called.` },
    other_api: { rule: 'G1', text: (/** @type {Args} */ a) => `A ${a.package} in this region had quota left, but for another API than the one called.` },
    other_user: { rule: 'P2', text: 'One user’s subscription had ended, but the user who called was still subscribed to this API in this region.' },
    before_switch_off: { rule: 'P6', text: 'The call was made before the API was switched off, in the same settlement cycle; that cycle is still billed.' },
    no_package: { rule: 'P1', text: (/** @type {Args} */ a) => `There was no ${a.package} and no free quota that could have covered the call, so it was ${a.payPerUse}.` },
  },

  // Why this grant paid and not another one that could have.
  keys: {
    only: 'Nothing else could have paid for the call at that moment.',
    class: (/** @type {Args} */ a) => `Its kind comes first: what is free goes before what is promotional, and that before a ${a.package} that was bought.`,
    project: (/** @type {Args} */ a) => `It is bound to the enterprise project that the call carries; such ${a.packages} go before unbound ones.`,
    limited: (/** @type {Args} */ a) => `It is limited in time, and such ${a.packages} go before others of their kind.`,
    created: 'It was bought earlier than the other one.',
    effective: 'It took effect earlier than the other one.',
    expiry: 'It expires earlier than the other one.',
    size: 'It is smaller than the other one.',
    sequence: 'Everything else is equal; it stands earlier in the order of purchase.',
    waiting: (/** @type {Args} */ a) => `The one before it in the order has to wait, because by the chosen reading ${a.packages} do not add up.`,
  },

  // Why another grant did not pay for this call.
  reasons: {
    other_api: 'It is for another API than the one called.',
    other_region: 'It is for another region than the one called.',
    other_project: 'It is bound to another enterprise project than the call carries.',
    not_yet_effective: 'It takes effect only after the call.',
    expired: 'It had expired before the call.',
    used_up: 'It had too little left for a call.',
    outside_hours: 'It serves only certain hours of the day, and the call lies outside them.',
    waiting: (/** @type {Args} */ a) => `It waits while an earlier ${a.package} for the same API and region is in force.`,
    later: 'It could have paid, but its turn comes later.',
  },

  // Why a call was refused. It failed and cost nothing.
  refused: {
    // Also for a code of the provider's own (`code`).
    not_open: { rule: 'P2', text: (/** @type {Args} */ a) => `The API was not opened for this user in the region called, so the call failed${a.code ? ` with ${a.code}` : ''} and cost nothing.` },
    no_quota: { rule: 'P5', text: (/** @type {Args} */ a) => `No ${a.package} had quota left, and nothing is sold by the call here, so the call failed and cost nothing.` },
    pay_per_use_off: { rule: 'P8', text: (/** @type {Args} */ a) => `No ${a.package} and no free quota was left, and ${a.payPerUse} is switched off, so the call failed and cost nothing.` },
    arrears: { rule: 'K6', text: 'The account was in arrears, and by the chosen reading no call gets through then, so the call failed and cost nothing.' },
    frozen: { rule: 'L3', text: (/** @type {Args} */ a) => `The account was in arrears and its grace period was over, so ${a.payPerUse} was frozen; the call failed and cost nothing.` },
    stopped: { rule: 'L11', text: 'A debit was not covered and nobody paid in time, so the service was stopped; the call failed and cost nothing.' },
    released: { rule: 'L3', text: (/** @type {Args} */ a) => `${a.PayPerUse} was released after the retention period and not opened again, so the call failed and cost nothing.` },
  },
}
