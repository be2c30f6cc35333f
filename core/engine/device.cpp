// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/device.h"

#include "base/text.h"

#include <ATen/Context.h>

#include <charconv>
#include <optional>

namespace gradus::engine {

namespace {

/// The number of "cuda" (0) and "cuda:N"; none of anything else.
std::optional<int> cudaIndex(std::string_view name)
{
    if (name == "cuda") return 0;
    if (!name.starts_with("cuda:")) return std::nullopt;
    name.remove_prefix(5);
    int index = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (failure != std::errc() || end != name.data() + name.size() || index < 0) return std::nullopt;
    return index;
}

} // namespace

Result<Precision> precisionOf(const std::string& name)
{
    if (name == "fp32") return Precision::Single;
    if (name == "bf16") return Precision::Brain16;
    return badInput("The precision \"" + visible(name, 40) + "\" is unknown; use fp32 or bf16.");
}

Result<void> checkDevice(const std::string& name)
{
    if (name == "cpu") return {};
    const auto index = cudaIndex(name);
    if (!index) return badInput("The device \"" + visible(name, 40) + "\" is unknown; use cpu, cuda or cuda:N.");
    if (!at::hasCUDA())
        return badInput("The device " + name +
                        " is not there: no NVIDIA GPU answers, or the libtorch of this build is the one for CPUs; use "
                        "--device cpu, or build against the CUDA wheel (GRADUS_TORCH_DIR).");
    const auto count = static_cast<int>(at::getNumGPUs());
    if (*index >= count)
        return badInput("The device " + name + " is not there: this machine has " +
                        counted(static_cast<std::size_t>(count), "GPU") + ", numbered from 0.");
    return {};
}

} // namespace gradus::engine
