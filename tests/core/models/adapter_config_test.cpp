// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/adapter_config.h"

#include "support/must.h"
#include "support/suite.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace gradus;
using namespace gradus::models;
using namespace gradus::tests;
using Json = nlohmann::json;

class AdapterConfigTest : public QObject
{
    Q_OBJECT

    /// What PEFT writes, with one setting changed.
    static Result<AdapterOptions> read(const std::string& key = {}, const Json& value = {})
    {
        Json config{{"peft_type", "LORA"},
                    {"r", 8},
                    {"lora_alpha", 32},
                    {"target_modules", {"v_proj", "q_proj"}},
                    {"bias", "none"},
                    {"fan_in_fan_out", false},
                    {"init_lora_weights", true},
                    {"layers_to_transform", nullptr},
                    {"lora_dropout", 0.05},
                    {"megatron_core", "megatron.core"},
                    {"qalora_group_size", 16},
                    {"rank_pattern", Json::object()},
                    {"use_rslora", false}};
        if (!key.empty()) config[key] = value;
        return adapterFromConfig(config.dump(), "adapter_config.json");
    }

private Q_SLOTS:
    void whatPeftWrites_isReadAndReadsBackEqual()
    {
        const AdapterOptions options = must(read());
        QCOMPARE(options.rank, 8);
        QCOMPARE(options.alpha, 32.0);
        QCOMPARE(options.targets, (std::vector<std::string>{"v_proj", "q_proj"}));
        for (const bool hasHead : {false, true}) {
            const std::string text = adapterConfigOf(options, "a folder of \xff bytes", "SEQ_CLS", hasHead);
            QVERIFY(must(adapterFromConfig(text, "again.json")) == options);
            QCOMPARE(Json::parse(text).contains("modules_to_save"), hasHead);
        }
    }
    void settingsThatAreOff_areReadOver_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("a setting of tomorrow") << "use_tomorrow"
                                               << "false";
        QTest::newRow("no invocation tokens") << "alora_invocation_tokens"
                                              << "null";
        QTest::newRow("drawn as usual") << "init_lora_weights"
                                        << "\"gaussian\"";
        QTest::newRow("a head beside it") << "modules_to_save"
                                          << "[\"score\"]";
        // Where an adapter stands is read from its weights' names.
        QTest::newRow("one layer") << "layers_to_transform"
                                   << "0";
        QTest::newRow("modules left out") << "exclude_modules"
                                          << "[\"v_proj\"]";
        QTest::newRow("modules by pattern") << "target_modules"
                                            << "\".*proj\"";
        QTest::newRow("a fraction") << "lora_alpha"
                                    << "0.5";
    }
    void settingsThatAreOff_areReadOver()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        must(read(key.toStdString(), Json::parse(value.toStdString())));
    }
    void whatWouldChangeTheNumbers_isRefusedByName_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        // PEFT takes the adapter's first state out of the model's weights when it loads such an adapter.
        QTest::newRow("PiSSA") << "init_lora_weights"
                               << "\"pissa_niter_16\""
                               << "pissa_niter_16";
        QTest::newRow("OLoRA") << "init_lora_weights"
                               << "\"olora\""
                               << "olora";
        // The adapter acts only behind these tokens.
        QTest::newRow("activated LoRA") << "alora_invocation_tokens"
                                        << "[1, 2]"
                                        << "alora_invocation_tokens";
        QTest::newRow("rank-stabilised") << "use_rslora"
                                         << "true"
                                         << "use_rslora";
        QTest::newRow("DoRA") << "use_dora"
                              << "true"
                              << "use_dora";
        QTest::newRow("ranks of their own") << "rank_pattern"
                                            << "{\"q_proj\": 4}"
                                            << "rank_pattern";
        QTest::newRow("a setting of tomorrow") << "use_tomorrow"
                                               << "\"yes\""
                                               << "use_tomorrow";
        QTest::newRow("biases") << "bias"
                                << "\"all\""
                                << "biases";
        QTest::newRow("another kind") << "peft_type"
                                      << "\"IA3\""
                                      << "LORA";
        QTest::newRow("no text for a kind") << "peft_type"
                                            << "7"
                                            << "LORA";
        // 2^32 + 8 is no 8.
        QTest::newRow("a rank that wraps") << "r"
                                           << "4294967304"
                                           << "r = 4294967304";
        QTest::newRow("a rank of 0") << "r"
                                     << "0"
                                     << "r = 0";
        QTest::newRow("a rank below 0") << "r"
                                        << "-8"
                                        << "r = -8";
        QTest::newRow("a broken rank") << "r"
                                       << "8.7"
                                       << "lacks r";
        QTest::newRow("a rank beyond all") << "r"
                                           << "1e300"
                                           << "lacks r";
        QTest::newRow("a truth for a rank") << "r"
                                            << "true"
                                            << "lacks r";
        QTest::newRow("a truth for an alpha") << "lora_alpha"
                                              << "true"
                                              << "lora_alpha";
        QTest::newRow("an endless alpha") << "lora_alpha"
                                          << "1e308"
                                          << "1,000,000";
        QTest::newRow("modules that are none") << "target_modules"
                                               << "[\"q_proj\", 3]"
                                               << "lacks r, lora_alpha or target_modules";
    }
    void whatWouldChangeTheNumbers_isRefusedByName()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(QString, says);
        const auto options = read(key.toStdString(), Json::parse(value.toStdString()));
        QVERIFY(!options.ok() && options.error().kind == ErrorKind::BadInput);
        const QString message = QString::fromStdString(options.error().message);
        QVERIFY2(message.startsWith("adapter_config.json ") && message.contains(says), qPrintable(message));
    }
};

GRADUS_SUITE(AdapterConfigTest)
#include "adapter_config_test.moc"
