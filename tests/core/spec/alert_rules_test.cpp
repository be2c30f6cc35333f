// SPDX-License-Identifier: GPL-3.0-or-later
// Alert rules as words and as tables of an experiment file; wrong ones in a sentence.
#include "spec/alert_rules.h"

#include "spec/experiment.h"
#include "support/suite.h"

#include <QTest>

using namespace gradus;
using namespace gradus::spec;

class AlertRulesTest : public QObject
{
    Q_OBJECT
    using When = AlertRule::When;

    static const char* whole() { return "[experiment]\nname = \"a\"\n"; }

private Q_SLOTS:
    void words_andBack()
    {
        const std::pair<const char*, AlertRule> all[] = {
            {"train/loss above 2.5 for 3", {"train/loss", When::Above, 2.5, 3}},
            {"utility/competence below 0.6", {"utility/competence", When::Below, 0.6, 1}},
            {"train/loss changes-by 1 for 5", {"train/loss", When::ChangesBy, 1, 5}},
            {"train/loss no-number", {"train/loss", When::NoNumber, 0, 1}},
            {"train/loss silent 30", {"train/loss", When::Silent, 30, 1}},
            {"train/loss plateau 0.01 for 20", {"train/loss", When::Plateau, 0.01, 20}},
            {"train/loss spike 6 for 50 then pause", {"train/loss", When::Spike, 6, 50, AlertRule::Then::Pause}},
            {"train/loss no-number then stop", {"train/loss", When::NoNumber, 0, 1, AlertRule::Then::Stop}},
            {"a silent 30 then checkpoint", {"a", When::Silent, 30, 1, AlertRule::Then::Checkpoint}},
        };
        for (const auto& [words, rule] : all) {
            const auto read = alertRuleFrom(words);
            QVERIFY2(read, words);
            QVERIFY2(*read == rule, words);
            QCOMPARE(textOf(*read), std::string(words));
        }
        QCOMPARE(textOf(*alertRuleFrom("  train/loss   above -1e-3  ")), std::string("train/loss above -0.001"));
    }

    void wrongWords_areRefusedInASentence()
    {
        for (const char* words : {"",
                                  "train/loss",
                                  "train/loss over 3",
                                  "train/loss above",
                                  "train/loss above x",
                                  "train/loss above nan",
                                  "train/loss above inf",
                                  "train/loss above 1 for",
                                  "train/loss above 1 for 0",
                                  "train/loss above 1 for 10001",
                                  "train/loss above 1 2",
                                  "train/loss above 1 for 3 4",
                                  "train/loss no-number 3",
                                  "train/loss silent 0",
                                  "train/loss silent 30 for 2",
                                  "train/loss silent 99999999",
                                  "train/loss plateau 0.1",
                                  "train/loss plateau 0 for 5",
                                  "train/loss spike 3 for 4",
                                  "train/loss spike -3 for 40",
                                  "train/loss above 1 then",
                                  "train/loss above 1 then dance",
                                  "train/loss then stop",
                                  "train/loss changes-by 0",
                                  "train/loss changes-by -1",
                                  "a\x01b above 1",
                                  "\"q\" above 1"}) {
            const auto rule = alertRuleFrom(words);
            QVERIFY2(!rule, words);
            QCOMPARE(rule.error().kind, ErrorKind::BadInput);
            QVERIFY2(rule.error().message.find("A rule is SERIES") != std::string::npos, rule.error().message.c_str());
        }
        QVERIFY(!alertRuleFrom(std::string(300, 'a') + " above 1"));
    }

    void lists_haveNoRuleTwiceAndAnEnd()
    {
        QVERIFY(!alertRulesFrom({"a above 1", "a above 1.0"}));
        std::vector<std::string> many;
        for (int i = 0; i < 65; ++i)
            many.push_back("a above " + std::to_string(i));
        QVERIFY(!alertRulesFrom(many));
        many.pop_back();
        const auto rules = alertRulesFrom(many);
        QVERIFY(rules && rules->size() == 64);
        QVERIFY(*alertRulesFromLines(linesOf(*rules)) == *rules);
        QVERIFY(alertRulesFromLines("")->empty());
    }

    void tablesOfAFile_areReadAndChangeNoHash()
    {
        const std::string plain = whole();
        const std::string text = plain + "[[alert]]\nseries = \"train/loss\"\nwhen = \"above\"\nvalue = 3\npoints = 2\n"
                                         "[[alert]]\nseries = \"train/loss\"\nwhen = \"no-number\"\nthen = "
                                         "\"stop\"\n";
        const auto experiment = parseExperiment(text, "e.toml");
        QVERIFY2(experiment, experiment ? "" : experiment.error().message.c_str());
        QCOMPARE(hashOf(*experiment), hashOf(*parseExperiment(plain, "e.toml")));
        const auto rules = alertRulesOf(text);
        QCOMPARE(rules.size(), std::size_t{2});
        QCOMPARE(textOf(rules[0]), std::string("train/loss above 3 for 2"));
        QCOMPARE(textOf(rules[1]), std::string("train/loss no-number then stop"));
        QVERIFY(alertRulesOf(plain).empty());
        QVERIFY(alertRulesOf("no toml [").empty());
    }

    void wrongTables_namePlaceAndCure()
    {
        const std::pair<const char*, const char*> all[] = {
            {"alert = 3\n", "double brackets"},
            {"[alert]\nseries = \"a\"\n", "double brackets"},
            {"[[alert]]\nseries = \"a\"\nvalue = 1\n", "says not when"},
            {"[[alert]]\nseries = \"a\"\nwhen = \"over\"\nvalue = 1\n", "use \"above\""},
            {"[[alert]]\nseries = \"a\"\nwhen = \"above\"\n", "give it a value"},
            {"[[alert]]\nwhen = \"above\"\nvalue = 1\n", "names no series"},
            {"[[alert]]\nseries = 3\nwhen = \"above\"\nvalue = 1\n", "write text"},
            {"[[alert]]\nseries = \"a\"\nwhen = \"above\"\nvalue = \"1\"\n", "write a number"},
            {"[[alert]]\nseries = \"a\"\nwhen = \"above\"\nvalue = 1\npoints = 1.5\n", "write a number"},
            {"[[alert]]\nseries = \"a\"\nwhen = \"above\"\nvalue = 1\npoints = 0\n", "1 to 10000"},
            {"[[alert]]\nseries = \"a\"\nwhen = \"above\"\nvalue = nan\n", "finite"},
            {"[[alert]]\nseries = \"a\"\nwhen = \"above\"\nvalue = 1\nthen = \"dance\"\n", "use \"tell\", "},
            {"[[alert]]\nserie = \"a\"\n", "series"},
            {"[[alert]]\nseries = \"a\"\nwhen = \"silent\"\nvalue = 0.5\n", "seconds"},
        };
        for (const auto& [table, cure] : all) {
            const bool isFirst = std::string(table).starts_with("alert");
            const std::string text = isFirst ? std::string(table) + whole() : whole() + std::string(table);
            const auto experiment = parseExperiment(text, "e.toml");
            QVERIFY2(!experiment, table);
            QCOMPARE(experiment.error().kind, ErrorKind::BadInput);
            QVERIFY2(experiment.error().message.starts_with("e.toml:"), experiment.error().message.c_str());
            QVERIFY2(experiment.error().message.find(cure) != std::string::npos, experiment.error().message.c_str());
        }
    }
};
GRADUS_SUITE(AlertRulesTest)
#include "alert_rules_test.moc"
