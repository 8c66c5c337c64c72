namespace FaceCloud.Ingestion.Store;

/// <summary>While a job has photos on the way, those of jobs of a lower priority wait in the photo store. The same words as the proto enum JobPriority.</summary>
public enum JobPriority
{
    Low = 1,
    Normal = 2,
    High = 3,
}
