// SPDX-License-Identifier: GPL-3.0-or-later
// MLflow's folders. Input: the experiment's meta.yaml, the run's, a parameter and two metrics.
#include "fuzz.h"
#include "imports/read_source.h"
#include "plan.h"

using namespace gradus;

namespace {

constexpr const char* kRun = "mlruns/7/0123456789abcdef0123456789abcdef/";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const bool made = [] {
        for (const char* folder : {"params", "metrics/train"})
            std::filesystem::create_directories(fuzz::scratch() / (kRun + std::string(folder)));
        return true;
    }();
    fuzz::expect(made, "folders can be made");
    const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 5);
    fuzz::written("mlruns/7/meta.yaml", parts[0]);
    const std::string run = kRun;
    fuzz::written(run + "meta.yaml", parts[1]);
    fuzz::written(run + "params/lr", parts[2]);
    fuzz::written(run + "metrics/train/loss", parts[3]);
    fuzz::written(run + "metrics/accuracy", parts[4]);
    const auto source = imports::readMlflowFolder(fuzz::scratch() / "mlruns");
    if (fuzz::isRead(source)) fuzz::expectPlan(*source);
    return 0;
}
