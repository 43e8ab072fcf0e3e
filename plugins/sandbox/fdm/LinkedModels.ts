/** `Model` is a model: what it must have, and its properties in the shorthand of this file. */
export interface Model {
  readonly required?: ReadonlyArray<string>
  readonly properties: Readonly<Record<string, string | ReadonlyArray<string>>>
}

const text = "string"
const versioned = { version: text, name: text }
const described = { ...versioned, description: text }
const job = {
  version: text,
  jobName: text,
  jobDescription: text,
  user: text,
  startDateTime: text,
  endDateTime: text,
  status: "JobHistoryStatus",
  statusMessage: text,
  scheduleUuid: text,
  id: text
}

/** `linked` are sent with links, so as their wrappers. */
export const linked: Readonly<Record<string, Model>> = {
  BaseEntityDiff: {
    required: ["type"],
    properties: {
      entityId: text,
      entityName: text,
      entityType: text,
      valuesAdded: "[object]",
      valuesUpdated: "[object]",
      valuesDeleted: "[object]",
      type: text
    }
  },
  DeploymentStatus: {
    properties: {
      statusMessage: text,
      cliErrorMessage: text,
      state: "DeploymentState",
      queuedTime: "integer",
      startTime: "integer",
      endTime: "integer",
      statusMessages: "[string]",
      id: text,
      name: text,
      modifiedObjects: "object",
      type: "=deploymentstatus"
    }
  },
  SystemInformation: {
    required: ["type"],
    properties: {
      ipv4: text,
      ipv6: text,
      softwareVersion: text,
      databaseInfo: "DatabaseInfo",
      platformModel: text,
      serialNumber: text,
      currentTime: "integer",
      systemUptime: "integer",
      id: text,
      type: "=SystemInformation"
    }
  },
  ActiveUserSessions: {
    required: ["type"],
    properties: {
      userName: text,
      identitySourceId: text,
      issuedAt: "integer",
      expiresAt: "integer",
      sessionDuration: text,
      id: text,
      type: "=ActiveUserSessions"
    }
  },
  HAStatus: {
    required: ["type"],
    properties: {
      nodeRole: text,
      nodeState: text,
      peerNodeState: text,
      configStatus: text,
      haHealthStatus: text,
      id: text,
      type: "=HAStatus"
    }
  },
  InitialProvision: {
    required: ["type"],
    properties: {
      version: text,
      acceptEULA: "boolean",
      eulaText: text,
      currentPassword: text,
      newPassword: text,
      id: text,
      type: "=initialprovision"
    }
  },
  User: {
    required: ["identitySourceId", "userServiceTypes", "type"],
    properties: {
      ...versioned,
      password: text,
      newPassword: text,
      userPreferences: "UserPreferences",
      userRole: text,
      identitySourceId: text,
      userServiceTypes: "[UserServiceType]",
      id: text,
      type: "=user"
    }
  },
  FileUploadStatus: {
    required: ["type"],
    properties: { ...versioned, fileName: text, diskFileName: text, id: text, type: "=fileuploadstatus" }
  },
  BackupImmediate: {
    required: ["type"],
    properties: {
      ...described,
      scheduleType: "JobExecutionType",
      user: text,
      forceOperation: "boolean",
      jobHistoryUuid: text,
      ipAddress: text,
      backupLocation: "BackupLocation",
      jobName: text,
      id: text,
      type: "=backupimmediate"
    }
  },
  JoinHAStatus: { properties: { id: text } },
  BreakHAStatus: { properties: { id: text } },
  JobHistoryEntity: { required: ["type"], properties: { ...job, type: "=jobhistoryentity" } },
  JobHistoryDeployment: {
    required: ["type"],
    properties: { ...job, deploymentStatusUuid: text, type: "=jobhistorydeployment" }
  },
  JobHistoryBackup: {
    required: ["type"],
    properties: { ...job, archiveName: text, type: "=jobhistorybackup" }
  },
  ArchivedBackup: {
    required: ["type"],
    properties: {
      ...described,
      user: text,
      startDate: text,
      fileSize: "integer",
      archiveName: text,
      originalScheduleType: "JobExecutionType",
      backupLocation: "BackupLocation",
      id: text,
      type: "=archivedbackup"
    }
  }
}
