//! The command line.

use std::process::{Command, Output};

use rcs_revoke_simulator::{Config, scenario};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rcs-revoke-simulator"))
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn scenarios_are_listed_with_what_they_show() {
    let listed = text(&run(&["--list-scenarios"]).stdout);
    for scenario in scenario::all() {
        let found =
            listed.lines().any(|line| line.starts_with(scenario.name) && line.ends_with(scenario.shows));
        assert!(found, "{}", scenario.name);
    }
}

#[test]
fn the_configuration_that_results_is_one() {
    let printed = run(&["--seed", "7", "--scenario", "chaos", "--scenario", "offline", "--print-config"]);
    let config = Config::from_toml(&text(&printed.stdout)).expect("a configuration");
    let chaos = scenario::named("chaos").expect("a scenario");
    let offline = scenario::named("offline").expect("a scenario");
    let expected = chaos.over(Config { seed: 7, ..Config::default() }).and_then(|world| offline.over(world));
    assert_eq!(config, expected.expect("a world"));
}

#[test]
fn what_is_wrong_is_said_and_nothing_starts() {
    for (arguments, said) in [
        (&["--scenario", "nonsense"][..], "nonsense"),
        (&["--config", "/nowhere/at-all.toml"], "/nowhere/at-all.toml"),
        (&["--scale", "0"], "scale"),
    ] {
        let output = run(arguments);
        assert!(!output.status.success() && text(&output.stderr).contains(said), "{arguments:?}");
    }
}

#[test]
fn help_says_how_to_use_it() {
    let help = text(&run(&["--help"]).stdout);
    for said in ["--list-scenarios", "POST   /faults", "PATCH /config", "endpoints.json", "EXAMPLES"] {
        assert!(help.contains(said), "{said}");
    }
}
