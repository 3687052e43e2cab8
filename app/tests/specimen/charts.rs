use super::Frame;
use app::{
    parts::report::{chart_words, slot},
    ui::*,
};
use kontor::{
    kernel::{instant::Day, money::Currency},
    report::{Calendar, ReportQuery},
};
use leptos::prelude::*;

/// Something that goes up and down, the same every time.
fn wave(n: i64, height: i64) -> i64 {
    let mixed = (n * 7919 + 104_729) % 997;
    height * (n + 6) / 12 + height * mixed / 2_000
}

fn series(name: &'static str, values: Vec<Option<i64>>) -> ChartSeries {
    let links = (0..values.len()).map(|n| format!("/lines?slot={n}").into()).collect();
    ChartSeries { name: name.into(), values, links, total_link: Some("/lines".into()) }
}

fn chart(id: &'static str, caption: &'static str, query: &str, unit: ChartUnit) -> ChartData {
    let query = ReportQuery::from_query(query);
    let calendar = Calendar::of_partner(Day::from_civil(2026, 11, 23).expect("a date"));
    let group = query.group(calendar);
    let buckets = query.buckets(calendar);
    let slots = buckets
        .iter()
        .map(|bucket| slot(bucket, Some(format!("?{}", query.into_bucket(bucket, group).to_query()))));
    ChartData {
        id: id.into(),
        caption: caption.into(),
        summary: "The figures stand in the table below.".into(),
        unit,
        slots: slots.collect(),
        series: Vec::new(),
        sums: true,
        words: chart_words(),
    }
}

/// A series: its name, and its figure in the n-th slot.
type Figures<'a> = (&'static str, &'a dyn Fn(i64) -> Option<i64>);

fn with(mut data: ChartData, figures: &[Figures]) -> ChartData {
    let count = data.slots.len() as i64;
    data.series = figures.iter().map(|(name, value)| series(name, (0..count).map(value).collect())).collect();
    data
}

/// Every kind of chart.
#[component]
pub fn Charts() -> impl IntoView {
    let euro = ChartUnit::Money(Currency::Eur);
    let revenue = with(
        chart("revenue", "Revenue in EUR", "", euro),
        &[
            ("Gross", &|n| Some(wave(n, 1_204_300))),
            ("Net", &|n| Some(wave(n, 1_204_300) - wave(n, 140_000))),
        ],
    );
    let commission = with(
        chart(
            "commission",
            "Commission in EUR",
            "period=custom&from=2024-08-15&to=2026-11-23&by=quarter",
            euro,
        ),
        &[
            ("Pending", &|n| Some(if n > 7 { wave(n, 90_000) } else { 0 })),
            ("Available", &|n| Some(wave(n, 40_000))),
            ("Paid", &|n| Some(wave(n, 120_000))),
            ("Clawed back", &|n| Some(-wave(n, 30_000))),
        ],
    );
    let customers = with(
        chart("customers", "Customers who came and went", "period=this-quarter", ChartUnit::Count),
        &[("New", &|n| Some(n * 3 + 4)), ("Lost", &|n| Some(-n - 1))],
    );
    let mut trend = with(
        chart(
            "trend",
            "Monthly recurring revenue in JPY",
            "period=custom&from=2023-01-01&to=2026-11-23",
            ChartUnit::Money(Currency::Jpy),
        ),
        &[
            ("At list", &|n| (n > 3).then(|| wave(n, 2_400_000))),
            ("Paid", &|n| (n != 20).then(|| wave(n, 1_600_000))),
        ],
    );
    trend.sums = false;
    let mut retention = with(
        chart("retention", "Retention", "by=month", ChartUnit::Percent),
        &[("Renewed of those due", &|n| (n != 3).then(|| 9_000 + (n * 379) % 1_000))],
    );
    retention.sums = false;
    let days = with(
        chart("days", "Revenue by day in EUR", "period=last-90-days", euro),
        &[("Net", &|n| Some(if n % 7 > 4 { 0 } else { wave(n % 11, 40_000) }))],
    );
    let one = with(
        chart("one", "Revenue in CAD", "period=last-month&by=month", ChartUnit::Money(Currency::Cad)),
        &[("Net", &|_| Some(4_250))],
    );
    let none =
        with(chart("none", "Revenue in USD", "", ChartUnit::Money(Currency::Usd)), &[("Net", &|_| Some(0))]);
    let plans = [
        ("Workplace Professional", 1_204_300),
        ("Workplace Standard", 804_300),
        ("Mail Premium", 92_000),
        ("Mail Lite", 3_100),
    ];
    let plans = plans
        .map(|(name, value)| ShareRow { name: name.into(), value, href: Some("/lines".into()) })
        .to_vec();
    let countries = [("Germany", 41), ("Bosnia and Herzegovina", 12), ("Austria", 9), ("Others", 3)];
    let countries = countries.map(|(name, value)| ShareRow { name: name.into(), value, href: None }).to_vec();
    view! {
        <Frame pane=true>
            <div class="stack stack-loose">
                <PageHeader heading="Reports" description="Nordlicht IT, days in Europe/Berlin."/>
                <Card heading="Revenue" id="h-revenue"><BarChart data=revenue/></Card>
                <Card heading="Trend" id="h-trend"><LineChart data=trend/></Card>
                <Card heading="Commission" id="h-commission"><BarChart data=commission stacked=true/></Card>
                <Card heading="Customers" id="h-customers"><BarChart data=customers stacked=true/></Card>
                <Card heading="Retention" id="h-retention"><LineChart data=retention/></Card>
                <Card heading="Days" id="h-days"><BarChart data=days/></Card>
                <div class="split">
                    <Card heading="One month" id="h-one"><BarChart data=one/></Card>
                    <Card heading="Nothing" id="h-none"><BarChart data=none/></Card>
                </div>
                <Share caption="Revenue by plan in EUR" heading="Plan" figure="Net" unit=euro rows=plans words=chart_words()/>
                <Share caption="Customers by country" heading="Country" figure="Customers" unit=ChartUnit::Count rows=countries words=chart_words()/>
                <p>"€1,204.30 this month "<Sparkline values=(0..12).map(|n| wave(n, 900)).collect() label="Revenue of twelve months"/></p>
            </div>
        </Frame>
    }
    .into_any()
}
