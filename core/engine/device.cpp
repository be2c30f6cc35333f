// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/device.h"

#include "engine/device_impl.h"

#include "base/text.h"
#include "models/cuda_kernels_impl.h"

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

// Aligned as the section that follows it in a program: mold counts thread-local bytes in front of a page's beginning
// among the pages to be protected, and such a program, one in a thousand by its size, cannot be loaded.
alignas(8) thread_local at::Device t_device(at::kCPU);

} // namespace

at::Device deviceInUse()
{
    return t_device;
}

void useDevice(const std::string& name)
{
    t_device = at::Device(name);
    // Of CUDA alone: a run on the CPU in the same process keeps its products.
    if (t_device.is_cuda()) at::globalContext().setAllowTF32CuBLAS(true);
}

std::string deviceName()
{
    return t_device.str();
}

GpuRow examineGpus()
{
    if (!at::hasCUDA() || at::getNumGPUs() == 0)
        return {true,
                "none: no NVIDIA GPU answers, or the libtorch of this build is the one for CPUs (GRADUS_TORCH_DIR "
                "names another wheel)"};
    GpuRow row;
    for (int i = 0; i < static_cast<int>(at::getNumGPUs()); ++i) {
        const at::Device device(at::kCUDA, static_cast<c10::DeviceIndex>(i));
        const std::string name = models::CudaKernels::describe(i);
        const std::string missing = models::CudaKernels::missing(device);
        row.good = row.good && missing.empty();
        row.sentence += (i > 0 ? "; " : "") + std::string("cuda:") + std::to_string(i) + ": " +
                        (name.empty() ? "its driver does not say what it is" : name) +
                        (missing.empty() ? ", fused kernels compiled"
                                         : ", without fused kernels, so slower (" + missing +
                                               "); install the wheel's nvidia packages");
    }
    return row;
}

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
    if (!at::hasCUDA() || at::getNumGPUs() == 0)
        return badInput("The device " + name +
                        " is not there: no NVIDIA GPU answers, or the libtorch of this build is the one for CPUs; use "
                        "cpu, or build against the CUDA wheel (GRADUS_TORCH_DIR).");
    const auto count = static_cast<int>(at::getNumGPUs());
    if (*index >= count)
        return badInput("The device " + name + " is not there: this machine has " +
                        counted(static_cast<std::size_t>(count), "GPU") + ", numbered from 0.");
    return {};
}

} // namespace gradus::engine
