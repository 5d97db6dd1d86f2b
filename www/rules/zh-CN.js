// 规则全文（简体中文），用自己的话写成，键与 `en.js` 相同。先写文档的规定，文档未写明而由我们确定的，以“我们”说明。
// 与 `../text/` 一样，函数的参数是云厂商自己的用词。

/** @typedef {Record<string, any>} Args */
/** @typedef {{ title: string, section?: string, date?: string }} Document */

/** @param {string} [section] @returns {Document} */
const guide = (section) => ({ title: '华为云《文字识别服务 计费说明》文档版本 01', section, date: '2025-04-28' })
/** @type {Document} */
const overview = { title: '华为云国际站 OCR：Billing, Overview（英文）' }
/** @type {Document} */
const product = { title: '华为云国际站 OCR：产品页 Billing Items and Modes（英文）' }
/** @type {Document} */
const arrears = { title: '华为云国际站 OCR：Billing, Arrears（英文）' }
/** @param {string} [section] @returns {Document} */
const alibaba = (section) => ({ title: '阿里云文字识别：Billing（英文）', section })
/** @param {string} [section] @returns {Document} */
const tencent = (section) => ({ title: '腾讯云文字识别 计费概述', section })
/** @type {Document} */
const tencentFaq = { title: '腾讯云文字识别 新手常见问题' }
/** @type {Document} */
const tencentArrears = { title: '腾讯云文字识别 欠费说明' }
/** @type {Document} */
const fraction = { title: '华为云计费 FAQ：抹零金额是如何产生的，抹零规则是什么？' }
/** @type {Document} */
const roundDown = { title: '阿里云国际站 FAQ：Round Down Discount（英文）' }
/** @type {Document} */
const precision = { title: '华为云国际站：Partner Bill Description（英文）', section: 'Bill Precision' }

export default {
  // 规则编号的首字母。
  groups: {
    N: '怎样计次',
    G: '套餐包抵扣哪些调用',
    D: '扣减顺序',
    T: '套餐包的时间',
    P: '按需计费',
    R: '舍入',
    F: '免费额度',
    Q: '每秒并发（QPS）',
    W: '为什么收费',
    K: '官方文档互相矛盾之处',
    L: '余额、欠费与预算',
  },

  rules: {
    N1: {
      title: '调用成功才计次',
      text: 'HTTP 状态码为 2xx 才算一次调用。其他状态码不收费，也不扣套餐包或免费额度。失败的请求也返回 200 的厂商，按 N4 计次。',
      documents: [guide('1'), guide('2.2'), product],
    },
    N2: {
      title: '识别不准也计次',
      text: '只要返回 2xx，即使文字识别不准或图片传错，也照常计次。',
      documents: [guide('11.10')],
    },
    N3: {
      title: '按账号计次',
      text: '调用次数按账号统计，IAM 用户的调用都算在账号上，账号的套餐包供所有 IAM 用户使用。',
      documents: [guide('11.7')],
    },
    N4: {
      title: '怎样算“调用成功”',
      text: '华为云以 HTTP 状态码为准；阿里云没有说明，我们照此处理。腾讯云只要请求被正常处理，状态码都是 200，出错时也是，因此看错误码：没有错误码或错误码为 0 的计次，列为计费的失败错误码也计次。状态码不是 2xx 的请求没有被处理，无论错误码是什么都不计次。',
      documents: [guide('1'), { title: '腾讯云文字识别 错误码计费说明' }, { title: '腾讯云 API 返回结果' }],
    },
    G1: {
      title: '套餐包与 API 一一对应',
      text: '华为云的一个套餐包只能抵扣对应 API 的调用，不能与其他 API 共用。',
      documents: [guide('11.11')],
    },
    G2: {
      title: '套餐包不能跨区域使用',
      text: '华为云的套餐包和免费试用只抵扣所属区域终端节点上的调用，与调用者身在何处无关。阿里云只有一个接入点，不存在这个问题。',
      documents: [overview, arrears, guide('2.1'), guide('8')],
    },
    G3: {
      title: '专用资源包与共享资源包',
      text: '阿里云的专用资源包只用于一个 API，共享资源包可用于多个 API。OCR 统一识别只支持共享资源包。',
      documents: [alibaba('Resource plans (subscription)')],
    },
    G4: {
      title: '按次数或按点数',
      text: '资源包按次数或点数计量，有的 API 一次调用要扣多点。文档没有写余数怎么办；我们的做法是，剩余点数不足一次调用的资源包，该次调用跳过它。',
      documents: [alibaba('Resource plans (subscription)')],
    },
    G5: {
      title: '指定企业项目的套餐包',
      text: '指定了企业项目的套餐包只抵扣带有该项目的调用；未指定项目的套餐包适用于所有调用。',
      documents: [guide('11.8'), guide('11.12')],
    },
    G6: {
      title: '从生效到失效',
      text: '套餐包和免费额度只抵扣从生效时刻到失效时刻之间的调用，到期未用完的次数作废。',
      documents: [product],
    },
    G7: {
      title: '套餐包可叠加使用',
      text: '多个套餐包可以同时使用，同一规格买多个也可以。计费说明里有一张图写着不能叠加；我们以正文为准，另一种解读见 K5。',
      documents: [overview, guide('2.1'), guide('4，图 4-1'), guide('5.3')],
    },
    D1: {
      title: '华为云的扣减顺序',
      text: '先扣免费权益，再扣促销套餐包，然后扣订购的套餐包，其余按需计费。两处原文的步骤不同，我们合并为一个顺序。',
      documents: [guide('5.3'), guide('11.8'), product],
    },
    D2: {
      title: '阿里云的抵扣顺序',
      text: '先抵扣免费额度，再抵扣专用资源包，然后抵扣共享资源包，其余按量付费。',
      documents: [alibaba('Billing types')],
    },
    D3: {
      title: '先扣哪个套餐包',
      text: '同类套餐包中，先创建的先扣；同时创建的，先生效的先扣；同时生效的，先失效的先扣。我们把这几条读作一个连续的顺序；原文到最后又回到创建时间，这时按购买的先后。',
      documents: [guide('5.3'), product],
    },
    D4: {
      title: '指定项目的套餐包优先',
      text: '调用带有企业项目时，指定该项目的套餐包优先抵扣，不够的部分再由适用所有项目的套餐包抵扣。',
      documents: [guide('11.8')],
    },
    D5: {
      title: '限时流量套餐包优先',
      text: '限时流量套餐包优先抵扣。计费说明没有写它与其他规则孰先孰后；我们让它在同类套餐包中优先，但排在指定企业项目的套餐包之后。',
      documents: [guide('11.8')],
    },
    D6: {
      title: '整个顺序是一张清单',
      text: '每家云厂商的扣减顺序都写成其价格文件里的一张清单。像阿里云那样没有说明同类之间顺序的，我们让先到期的先扣，其次先购买的先扣，并注明这是假设。',
      documents: [guide('11.8'), alibaba('Billing types')],
    },
    D7: {
      title: '腾讯云的扣减顺序',
      text: '先扣免费资源包，再按生效顺序扣付费资源包，其余为后付费。同一秒生效的两个资源包谁先谁后，文档没有写；我们让先购买的先扣。',
      documents: [tencent('计费与结算方式'), tencentFaq],
    },
    T1: {
      title: '时间以 UTC+8 为准',
      text: '规则中的所有时刻都是 UTC+8，没有夏令时，与读者或调用者所在的时区无关。',
      documents: [guide('2.2'), guide('2.3')],
    },
    T2: {
      title: '套餐包的有效期',
      text: '有效期从购买那一秒或指定的日期开始，到一年后同一天的 23:59:59 结束。我们把这最后一秒算在内；到期月份没有这一天的，在该月最后一天到期；指定日期从 00:00:00 开始。',
      documents: [guide('2.2')],
    },
    T3: {
      title: '续费是新的一期',
      text: '到期前续费，下一期从原到期日 23:59:59 开始，按续费时长结束，费用在续费时支付，按当时的价格。我们把它当作一个新的套餐包，次数重新计算，上一期剩余的次数不结转。',
      documents: [guide('2.2'), guide('7'), guide('11.1')],
    },
    T4: {
      title: '生效时间',
      text: '中国站的套餐包可以立即生效，也可以指定日期生效；国际站只能立即生效。',
      documents: [guide('2.1'), product],
    },
    T5: {
      title: '用完或到期后转为按需计费',
      text: '套餐包不会自动顺延。用完或到期后，如果没有别的套餐包可以抵扣，该 API 自动转为按需计费。',
      documents: [overview, guide('5.2')],
    },
    T6: {
      title: '自动续费',
      text: '到期前 7 日凌晨 3:00（UTC+8）首次尝试扣款，提前的天数可以修改；之后每天凌晨 3:00 再试，直到成功或到期。期间手动续费的，下一次改为新到期日前第 7 天。到期前才能开通，扣款日之前关闭则不产生费用。我们让每次尝试按当时的目录价、对一笔订单的全部份数一起扣款，只有成功的续费计入所选次数。',
      documents: [guide('6.1'), guide('6.3'), guide('9')],
    },
    T7: {
      title: '统一到期日',
      text: '续费时可以把到期日统一到每月的某一天。我们把到期日向后移到下一个这样的日子；当月没有这一天的取最后一天，之后的续费沿用。文档没有给出多出天数的价格，因此我们列出天数，价格由您填写。',
      documents: [guide('6.2')],
    },
    T8: {
      title: '退款',
      text: '华为云中国站的套餐包不支持退款；阿里云按销售渠道各有退款流程，但没有公布规则；国际站文档没有说明。我们从不计算退款。',
      documents: [guide('9'), guide('11.5'), alibaba('Sales channels')],
    },
    T9: {
      title: '价格调整',
      text: '已经购买的套餐包不受调价影响。新价格从生效时刻起用于新购和续费；调价前已生效的按需阶梯计费继续按原价。',
      documents: [guide('11.1')],
    },
    P1: {
      title: '默认按需计费',
      text: '开通 API 后，没有套餐包或免费额度抵扣的调用都按需计费。阿里云的每类识别服务要单独开通，按量付费随之开启，不能关闭。日志中的调用如果在价目未列出该 API 的区域成功，我们认为该区域实际提供这项服务，照常计入。',
      documents: [overview, guide('2.1'), alibaba('Pay-as-you-go')],
    },
    P2: {
      title: '先开通，后调用',
      text: '调用时，该用户必须已在所调用的区域开通该 API，否则调用失败，不收费。我们把未指定用户的开通视为对所有用户开通，购买套餐包也视为开通，直到取消服务为止。',
      documents: [overview, guide('2.1'), guide('11.4')],
    },
    P3: {
      title: '每小时结算',
      text: '华为云每个整点结算一次，没有按需调用的小时不出账单。费用归属于使用的时间，扣款在其后：我们按每小时结束后 1 小时处理，即 8:00～9:00 的费用在 10:00 扣款。',
      documents: [guide('2.3'), guide('7'), guide('9'), guide('11.6')],
    },
    P4: {
      title: '月度阶梯价格',
      text: '同一 API 一个自然月内的计费调用适用同一个阶梯，免费调用不计入：阿里云每一段按各自的单价，腾讯云全部调用按到达的阶梯单价。我们让资源包抵扣的调用也不计入。月中调价时我们继续累计：新价格从当月已达到的用量接着算。公布的最高一档以上没有价格。阿里云次月 1 日出账，以实际购买页面的信息为准。',
      documents: [alibaba('Pay-as-you-go'), alibaba('Billing examples'), tencent('计费与结算方式')],
    },
    P5: {
      title: '云市场只卖资源包',
      text: '阿里云云市场无需开通，没有免费额度，也没有按量付费。资源包用完后怎样，文档没有写；我们按调用失败、不收费处理。',
      documents: [alibaba('Sales channels')],
    },
    P6: {
      title: '关闭服务',
      text: '关闭之后不再收费，但关闭时所在的那个小时，以及已结束尚未扣款的上一个小时，之后仍会出账单。',
      documents: [guide('9'), guide('11.4')],
    },
    P7: {
      title: '套餐包一次性付费',
      text: '套餐包的价格在支付时形成一条账单，账户余额必须充足。',
      documents: [guide('1'), guide('7')],
    },
    P8: {
      title: '后付费需开通',
      text: '2021 年 12 月 14 日起开通腾讯云文字识别的客户，须在控制台设置页自行开通后付费；此前开通的客户，资源包耗尽后自动转为后付费，也可以关闭。后付费关闭时，没有资源包抵扣的调用都失败，不收费。没有说明已关闭的，我们按已开通处理。',
      documents: [tencentFaq],
    },
    P9: {
      title: '拒绝调用时的错误码',
      text: '调用未开通的 API 时，返回的是各厂商自己的错误码：华为云为 ModelArts.4204，腾讯云中国站为 FailedOperation.UnOpenError。没有找到错误码的厂商，我们不借用别家的，只写 not_open。',
      documents: [overview, guide('2.1'), { title: '腾讯云文字识别 错误码计费说明' }],
    },
    R1: {
      title: '舍入',
      text: '各段金额精确计算，先截取每条明细，再截取账单，截去的部分单独列出。华为云中国站每小时每条截取到两位小数；国际站只把当月合计四舍五入；阿里云明细截取三位小数，月账单截取两位。只在另一个站点公布的规则，我们作为假设沿用。',
      documents: [fraction, precision, roundDown],
    },
    F1: {
      title: '免费额度',
      text: '阿里云每个识别类 API 每个自然月免费 200 次，所有核验类 API 每个账号一次性共 50 次，仅限官网；腾讯云多数接口每月免费 1,000 次。我们按开通当月享有全部额度处理；当月未用完的作废。',
      documents: [alibaba('Free quota'), tencent()],
    },
    F2: {
      title: '原每月 1000 次免费调用',
      text: '华为云原来的每月 1000 次免费调用已经下线。公告没有写明下线日期，我们取调价生效的 2022-03-01 00:00。',
      documents: [guide('11.1')],
    },
    Q1: {
      title: '每秒并发（QPS）',
      text: '阿里云每个 API 默认 10 QPS，可购买 QPS 叠加包扩容。身份证识别、全文识别高精版和通用文字识别可以直接购买，其他 API 须联系技术支持。腾讯云按购买数量到达的档位，全部 QPS 适用同一单价。',
      documents: [alibaba('QPS add-on packages'), { title: '阿里云文字识别：QPS add-on packages（英文）' }, tencent('QPS 叠加包')],
    },
    L1: {
      title: '什么是欠费',
      text: '账户的可用额度小于待结算的账单，且没有设置其他支付方式，即为欠费。我们在每次扣款时判断，恰好为零不算欠费；先用代金券，再用余额。',
      documents: [guide('2.3'), guide('8'), arrears],
    },
    L2: {
      title: '欠费的五种原因',
      text: '套餐包的区域与调用的区域不同；免费试用的区域不同；购买的服务与调用的服务不同；套餐包到期或用完后没有再买；没有套餐包却开通了按需计费。我们列出上次充值以来到期费用的原因，金额大的在前。',
      documents: [guide('8'), arrears],
    },
    L3: {
      title: '宽限期、保留期与释放',
      text: '按需计费欠费后先进入宽限期，服务照常，费用在下次充值时扣取；然后进入保留期，服务冻结；最后释放。充值后可用额度大于零，我们即视为恢复，恰在期满的那一秒充值也算。释放之后，重新开通或购买才再次可用。',
      documents: [guide('2.3'), guide('11.9'), arrears],
    },
    L4: {
      title: '欠费期间的套餐包',
      text: '欠费时，套餐包内的调用照常，但不能购买和续费。中国站计费说明有一节写的是所有调用都失败；我们以其他各处为准，另一种解读见 K6。',
      documents: [arrears, guide('8'), guide('11.3'), guide('11.9')],
    },
    L5: {
      title: '套餐包到期后的状态',
      text: '到期未续费的套餐包依次经过宽限期和保留期，然后释放。我们认为这是套餐包的状态，不是 API 的状态：到期后它不再抵扣，调用按需计费。释放之后不能再续费。',
      documents: [guide('6.1')],
    },
    L6: {
      title: '宽限期与保留期的长短',
      text: '取决于客户等级。计费说明没有给出天数；天数来自价格文件或由您填写，绝不臆造。每天按 24 小时计算，精确到秒。',
      documents: [guide('2.2'), arrears],
    },
    L7: {
      title: '余额预警与余量预警',
      text: '可用额度、通用代金券和现金券合计低于阈值时发出余额预警，回到阈值以上后再次低于时再发。套餐包剩余比例小于等于阈值时发出余量预警，同一区域同一 API 的套餐包合并计算，新购或续费生效后重新判断。',
      documents: [guide('8'), guide('11.6'), arrears],
    },
    L8: {
      title: '预算',
      text: '预算按天、月、季或年设定金额和范围，实际或预测金额超过设定比例时告警。我们在每个结算周期结束时判断，每个阈值每期一次，严格高于才告警。文档没有给出预测方法；我们用已发生的金额，加上最近 168 个周期（至少 24 个）的平均值乘以剩余周期数。',
      documents: [guide('10')],
    },
    L9: {
      title: '分账',
      text: '费用可以按企业项目和关联账号拆分。我们按项目、用户、API 和区域拆分；一笔费用属于多个用户的，各自承担其调用的费用，末位按余数从大到小分配，各部分合计等于总额。',
      documents: [guide('10'), guide('11.12')],
    },
    L10: {
      title: '阿里云欠费',
      text: '欠费会使服务中断。文字识别没有公布期限，因此我们也不写：从余额不足的那次扣款到充值为止，没有额度抵扣的调用失败。',
      documents: [alibaba('Pay-as-you-go')],
    },
    L11: {
      title: '欠费停服',
      text: '腾讯云每月 1 至 3 日结算上个月的调用并自动扣费。扣费后余额为负值，24 小时后停止服务，资源包即使有余量也暂停抵扣；充值足够金额后，服务和抵扣自动恢复。我们按 1 日 00:00 扣费，免费额度与资源包一同暂停，充值使可用额度大于零的那一秒即恢复；停服之前充值则不停。有效期不顺延。资源包是否暂停由价目文件写明。',
      documents: [tencentArrears],
    },
    W1: {
      title: '为什么会产生费用',
      text: '文档列举了买了套餐包仍被扣费的各种情形。我们给每次收费的调用恰好一个原因：以调用时刻为准，取最先符合的一个。',
      documents: [guide('8'), guide('11.2'), guide('11.4'), arrears],
    },
    K1: {
      title: '两种解读：套餐包的先后',
      text: 'OCR 计费说明让先创建的套餐包先扣；通用计费 FAQ 让失效时间近的先扣。默认以计费说明为准，可以切换。',
      documents: [guide('5.3'), { title: '华为云计费 FAQ：限制场景相同的资源包如何进行扣减？' }],
    },
    K2: {
      title: '两种解读：免费次数先用还是后用',
      text: '计费说明先扣免费额度。国际站有一页只列出套餐包和按需计费，更早的 FAQ 说免费次数不在此顺序之内，我们读作排在套餐包之后。默认以计费说明为准，可以切换。',
      documents: [
        guide('5.3'),
        { title: '华为云国际站 OCR：What Is Fee Deduction Order for Pay-per-Use and Package?（英文）', date: '2024-05-21' },
        { title: '华为云 OCR FAQ：What Is the Package Deduction Sequence?（英文）' },
      ],
    },
    K3: {
      title: '两种解读：限时流量套餐包',
      text: '英文写的是有时间限制的套餐包，只影响先后；中文“限时”和更早的英文可以理解为只在某些钟点抵扣。按后一种解读，我们让它只抵扣您填写的钟点以内的调用。',
      documents: [
        { title: '华为云国际站 OCR：What Is Fee Deduction Order for Multiple Packages?（英文）', date: '2023-12-06' },
        guide('11.8'),
        { title: '华为云 OCR FAQ：What Is the Package Deduction Sequence?（英文）' },
      ],
    },
    K4: {
      title: '两个站点：套餐包何时生效',
      text: '中国站可以指定套餐包的生效日期，国际站写明不能指定。这是两个站点的不同规定，不是两种解读，各自写在价格文件里。',
      documents: [guide('2.1'), product],
    },
    K5: {
      title: '两种解读：套餐包能否叠加',
      text: '计费说明正文写可叠加使用，其中一张图却写不能叠加。按图的说法，同一 API、同一区域还有更早的套餐包有剩余时，后面的套餐包等待，不抵扣。',
      documents: [guide('5.3'), guide('4，图 4-1')],
    },
    K6: {
      title: '两种解读：欠费时的调用',
      text: '多处写欠费时套餐包内的调用照常，宽限期内全部调用照常；有一处写所有调用都失败。默认以多数为准，可以切换。',
      documents: [arrears, guide('11.3'), guide('8')],
    },
    K7: {
      title: '两种解读：购买当时的那一小时',
      text: '按计费说明的例子，套餐包只抵扣购买之后的调用。按通用计费 FAQ，用量按结算周期与套餐包的有效期比对；这时我们让套餐包抵扣与其有效期有重叠的那一小时里的全部调用。',
      documents: [guide('5.1'), { title: '华为云计费 FAQ：Why Was My Pay-per-Use Usage Not Deducted from My Resource Package?（英文）' }],
    },
    K8: {
      title: '两种解读：舍入',
      text: '中国站每次结算都截取到两位小数，许多小金额因此少于合计；其他页面只对当月合计舍入，更早的一页是截取。可以切换。',
      documents: [fraction, precision],
    },
    K9: {
      title: '两种解读：到期后续费',
      text: '按国际站，到期后续费从原到期日起算；按计费说明，从续费时刻起算，我们随后沿用这一天。默认以国际站为准，可以切换。',
      documents: [{ title: '华为云国际站：Renewal Rules（英文）' }, guide('2.2')],
    },
  },

  // 为什么收费：发生了什么，以及背后的规则。
  causes: {
    other_project: { rule: 'G5', text: (/** @type {Args} */ a) => `本 API、本区域的${a.package}还有剩余，但它指定了另一个企业项目，不能抵扣这次调用。` },
    used_up: { rule: 'T5', text: (/** @type {Args} */ a) => `调用时，本 API、本区域的${a.package}或免费额度已经用完，这次调用转为${a.payPerUse}。` },
    expired: { rule: 'G6', text: (/** @type {Args} */ a) => `调用时，本 API、本区域的${a.package}已经到期，剩余次数作废。` },
    not_yet_effective: { rule: 'G6', text: (/** @type {Args} */ a) => `调用时，本 API、本区域的${a.package}还没有生效，生效之前的调用不能补扣。` },
    waiting: { rule: 'K5', text: (/** @type {Args} */ a) => `${a.package}还有剩余，但按所选的解读不能叠加使用，须等更早的${a.package}用完或到期。` },
    outside_hours: { rule: 'K3', text: (/** @type {Args} */ a) => `${a.package}还有剩余，但只在一天中的某些钟点抵扣，这次调用不在其内。` },
    free_trial_other_region: { rule: 'G2', text: '本 API 还有免费额度，但属于另一个区域，不能抵扣这次调用。' },
    other_region: { rule: 'G2', text: (/** @type {Args} */ a) => `本 API 的${a.package}还有剩余，但属于另一个区域；${a.package}不支持跨区域调用。` },
    other_api: { rule: 'G1', text: (/** @type {Args} */ a) => `本区域有${a.package}还有剩余，但属于另一个 API，不能共用。` },
    other_user: { rule: 'P2', text: '已有一个用户取消了服务，但发起调用的用户在本区域仍然开通着该 API。' },
    before_switch_off: { rule: 'P6', text: '调用发生在关闭服务之前、同一个结算周期之内，这个周期仍会出账单。' },
    no_package: { rule: 'P1', text: (/** @type {Args} */ a) => `没有可以抵扣这次调用的${a.package}或免费额度，因此${a.payPerUse}。` },
  },

  // 为什么由它抵扣，而不是另一个。
  keys: {
    only: '当时没有别的可以抵扣。',
    class: (/** @type {Args} */ a) => `类别在前：先免费，再促销，然后才是购买的${a.package}。`,
    project: (/** @type {Args} */ a) => `它指定了这次调用所带的企业项目，这样的${a.package}优先。`,
    limited: (/** @type {Args} */ a) => `它是限时流量${a.package}，在同类中优先。`,
    created: '它比另一个先购买。',
    effective: '它比另一个先生效。',
    expiry: '它比另一个先到期。',
    size: '它的规格比另一个小。',
    sequence: '其余条件都相同，它在购买顺序上靠前。',
    waiting: (/** @type {Args} */ a) => `顺序上在它之前的那个须等待，因为按所选的解读${a.package}不能叠加使用。`,
  },

  // 另一个为什么没有抵扣这次调用。
  reasons: {
    other_api: '它属于另一个 API。',
    other_region: '它属于另一个区域。',
    other_project: '它指定了另一个企业项目。',
    not_yet_effective: '调用时它还没有生效。',
    expired: '调用时它已经到期。',
    used_up: '它的剩余不够一次调用。',
    outside_hours: '它只在一天中的某些钟点抵扣，这次调用不在其内。',
    waiting: (/** @type {Args} */ a) => `同一 API、同一区域还有更早的${a.package}有效，它须等待。`,
    later: '它也可以抵扣，但顺序在后。',
  },

  // 为什么被拒绝。调用失败，不收费。
  refused: {
    // 云厂商自己的错误码（`code`）也用这一句。
    not_open: { rule: 'P2', text: (/** @type {Args} */ a) => `该用户没有在所调用的区域开通此 API，调用失败${a.code ? `，返回 ${a.code}（服务未开通）` : ''}，不收费。` },
    no_quota: { rule: 'P5', text: (/** @type {Args} */ a) => `没有还有剩余的${a.package}，此渠道又不提供按次付费，调用失败，不收费。` },
    pay_per_use_off: { rule: 'P8', text: (/** @type {Args} */ a) => `免费额度和${a.package}都已用完，${a.payPerUse}又未开通，因此调用失败，不收费。` },
    arrears: { rule: 'K6', text: '账户欠费，按所选解读欠费时所有调用都失败，因此调用失败，不收费。' },
    frozen: { rule: 'L3', text: (/** @type {Args} */ a) => `账户欠费且宽限期已过，${a.payPerUse}已冻结，因此调用失败，不收费。` },
    stopped: { rule: 'L11', text: '结算扣费后余额为负，未在停服前充值，服务已停止，因此调用失败，不收费。' },
    released: { rule: 'L3', text: (/** @type {Args} */ a) => `保留期过后${a.payPerUse}已释放且没有重新开通，因此调用失败，不收费。` },
  },
}
