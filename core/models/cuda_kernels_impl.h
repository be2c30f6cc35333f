// SPDX-License-Identifier: GPL-3.0-or-later
// Our own kernels on an NVIDIA GPU (fused_kernels.cu), compiled for it when first used by the NVRTC that comes with a
// CUDA build of libtorch. Nothing of CUDA is needed to build or to run without a GPU.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <unordered_map>

namespace gradus::models {

/// The kernels of one GPU. Any thread; launches join the calling thread's current stream.
class CudaKernels final
{
public:
    /// Those of the tensor's device. Null on the CPU, and where no kernels could be made: libtorch's operators do the
    /// same then, in more passes over memory. The first call for a device takes seconds.
    static const CudaKernels* of(const at::Tensor& tensor);
    /// Why the device has none; empty where it has.
    static std::string missing(const at::Device& device);

    /// "NVIDIA H200, 139.8 GiB"; empty where the driver does not answer.
    static std::string describe(int device);

    /// Bytes that the device has; 0 where the driver does not answer.
    static double totalMemory(int device);

    /// Pointers and numbers exactly as the kernel declares them. Throws std::runtime_error when the driver refuses.
    template <typename... Arguments>
    void launch(const std::string& kernel, std::int64_t blocks, int threads, Arguments... arguments) const
    {
        void* pointers[] = {&arguments...};
        launchRaw(kernel, blocks, threads, pointers);
    }

    struct Driver;
    CudaKernels(const Driver& driver, int device);

private:
    void launchRaw(const std::string& kernel, std::int64_t blocks, int threads, void** arguments) const;

    const Driver& m_driver;
    int m_device;
    void* m_context = nullptr;
    void* m_module = nullptr;
    std::unordered_map<std::string, void*> m_functions;
};

} // namespace gradus::models
