// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/known_models.h"

#include "support/source_dir.h"
#include "support/suite.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace gradus::run {

namespace {

namespace fs = std::filesystem;

/// A folder of files that other programs wrote, as far as a list of models looks at it.
void lay(const fs::path& folder, const char* model = "qwen2")
{
    const fs::path data = tests::sourceDir() / "tests/data";
    fs::create_directories(folder);
    fs::copy_file(data / "models" / model / "config.json", folder / "config.json");
    fs::copy_file(data / "models" / model / "model.safetensors", folder / "model.safetensors");
    fs::copy_file(data / "tokenizers/smollm/tokenizer.json", folder / "tokenizer.json");
}

void write(const fs::path& path, const QByteArray& bytes)
{
    fs::create_directories(path.parent_path());
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

const KnownModel* named(const std::vector<KnownModel>& all, const std::string& name)
{
    const auto found = std::ranges::find(all, name, &KnownModel::name);
    return found == all.end() ? nullptr : &*found;
}

} // namespace

class KnownModelsTest : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    fs::path m_root;
    fs::path m_models;
    fs::path m_downloads;

private Q_SLOTS:
    void init()
    {
        m_root = fs::path(m_folder.filePath(QTest::currentTestFunction()).toStdString());
        m_models = m_root / "models";
        m_downloads = m_root / "hub";
        qputenv("HF_HUB_CACHE", m_downloads.c_str());
    }
    void cleanup() { qunsetenv("HF_HUB_CACHE"); }

    void list_findsWorkspaceDownloadsAndWhatIsNamed()
    {
        lay(m_models / "own");
        const fs::path download = m_downloads / "models--acme--tiny";
        lay(download / "snapshots/old", "llama3");
        lay(download / "snapshots/abc");
        write(download / "refs/main", "abc");
        lay(m_root / "given/neox", "neox");
        write(m_models / "torn/config.json", "{\"architectures\": [\"MambaForCausalLM\"], \"model_type\": \"mamba\"}");
        const auto all = knownModels(m_models, m_downloads, {m_root / "given", m_root / "nowhere", m_models / "own"});
        QCOMPARE(all.size(), std::size_t{4}); // nothing twice
        const KnownModel* own = named(all, "own");
        QVERIFY(own != nullptr && own->fault.empty() && own->place == "workspace");
        QVERIFY(own->parameters > 0 && own->bytes > 0 && own->hasTokenizer && !own->hasChatTemplate && !own->scores);
        const KnownModel* downloaded = named(all, "acme/tiny");
        QVERIFY(downloaded != nullptr && downloaded->place == "download");
        QCOMPARE(downloaded->folder.filename().string(), std::string("abc")); // what refs/main says
        QCOMPARE(downloaded->architecture, std::string("Qwen2ForCausalLM"));
        QVERIFY(named(all, "neox") != nullptr && named(all, "neox")->place == "given");
        const KnownModel* torn = named(all, "torn");
        QVERIFY(torn != nullptr && torn->architecture == "MambaForCausalLM" && !torn->fault.empty());
        QVERIFY(std::ranges::is_sorted(all, {}, &KnownModel::parameters));
    }
    void import_linksOrCopiesWhatCanBeARung()
    {
        const fs::path download = m_downloads / "models--acme--tiny";
        lay(download / "blobs");
        fs::create_directories(download / "snapshots/abc");
        for (const char* name : {"config.json", "model.safetensors", "tokenizer.json"}) // as downloads are: links
            fs::create_symlink(fs::path("../../blobs") / name, download / "snapshots/abc" / name);
        const auto linked = importModel({.model = "acme/tiny", .models = m_models, .name = {}});
        QVERIFY2(linked, linked ? "" : linked.error().message.c_str());
        QCOMPARE(linked->folder, m_models / "acme--tiny");
        QVERIFY(fs::is_symlink(linked->folder));

        const auto again = importModel({.model = "acme/tiny", .models = m_models, .name = {}});
        QVERIFY(!again && again.error().message.find("--name") != std::string::npos);

        const auto copied = importModel(
            {.model = (download / "snapshots/abc").string(), .models = m_models, .name = "mine", .copy = true});
        QVERIFY2(copied, copied ? "" : copied.error().message.c_str());
        fs::remove_all(m_downloads);
        const auto all = knownModels(m_models, m_downloads, {});
        QCOMPARE(all.size(), std::size_t{1}); // the link leads nowhere now
        QVERIFY(all.front().name == "mine" && all.front().fault.empty());
        QVERIFY(fs::is_regular_file(m_models / "mine/model.safetensors"));
    }
    void import_refusesWhatCannotBeARungAndLeavesNothing()
    {
        lay(m_root / "cut");
        fs::resize_file(m_root / "cut/model.safetensors", 1000);
        lay(m_root / "mute");
        fs::remove(m_root / "mute/tokenizer.json");
        lay(m_root / "good");
        const auto fault = [&](const fs::path& folder, const std::string& name) {
            const auto made = importModel({.model = folder.string(), .models = m_models, .name = name, .copy = true});
            return made ? std::string() : made.error().message;
        };
        QVERIFY(fault(m_root / "cut", {}).find("model.safetensors") != std::string::npos);
        QVERIFY(fault(m_root / "mute", {}).find("tokenizer.json") != std::string::npos);
        QVERIFY(fault(m_root / "nowhere", {}).find("gradus model list") != std::string::npos);
        for (const char* name : {"../up", ".hidden", "a b", "x/y/z"})
            QVERIFY2(fault(m_root / "good", name).find("cannot name a model") != std::string::npos, name);
        QVERIFY(!fs::exists(m_models) || fs::is_empty(m_models));
    }
};

GRADUS_SUITE(KnownModelsTest)

} // namespace gradus::run

#include "known_models_test.moc"
